import type rpc from "@pulumi/pulumi/proto/provider_pb.js";

/** The oldest CLI that tells a plugin all that this one goes by: what the package's peer dependency asks for. */
const oldest = "3.248.0";
const way = `needs version ${oldest} or newer of the Pulumi CLI (pulumi version tells which it is)`;

/**
 * What the engine that started this process can do. One that is older than its plugin leaves out what it does not know, and nothing fails:
 * what would then silently be otherwise is refused, or said.
 */
export class Engine {
  #handshake: rpc.ProviderHandshakeRequest | undefined;
  #isToldOf = false;

  shake(handshake: rpc.ProviderHandshakeRequest): void {
    this.#handshake = handshake;
  }

  /** @throws Error where it would record secrets in clear */
  configure(request: rpc.ConfigureRequest): void {
    if (!this.#handshake && !request.getAcceptsecrets())
      throw new Error(`the native plugin of pulumi-clusterops ${way}: this one cannot keep secrets`);
  }

  /** Whether it takes a preview for one where functions are called. @throws Error where it does not tell */
  isPreview(request: rpc.InvokeRequest): boolean {
    if (request.getPreview() || this.#handshake?.getInvokeWithPreview()) return request.getPreview();
    // One that takes work is not to take it in a preview.
    if (/:claimBatch$/.test(request.getTok()))
      throw new Error(
        `aspire.claimBatch takes work, and not in a preview, which this CLI does not tell: it ${way}`,
      );
    return false;
  }

  /** Whether a refresh before each update is to be asked for. @param warn is told, once, where it cannot be had */
  refreshes(isWanted: boolean, warn: (message: string) => void): boolean {
    if (!isWanted || this.#handshake?.getSupportsRefreshBeforeUpdate()) return isWanted;
    if (!this.#isToldOf)
      warn(
        `clusterops:refreshBeforeUpdate has no effect: it ${way}, without PULUMI_DISABLE_REFRESH_BEFORE_UPDATE`,
      );
    this.#isToldOf = true;
    return false;
  }
}
