import type * as Pulumi from "@pulumi/pulumi";
import type { Connection, Guards } from "../provider/index.ts";
import type { DeepInput } from "./dynamic.ts";
import { pulumi } from "./pulumi.ts";

/** What an explicit provider takes. */
export interface ProviderArgs {
  /** How to reach each installation, by the name that resources use: what stack configuration has under `clusterops:connections`. */
  connections: DeepInput<Record<string, Connection>>;
  /** What holds back what is sent: what stack configuration has under `clusterops:guards`. Default: that. */
  guards?: DeepInput<Guards>;
  /** Why guards are not to hold anything back. Default: what stack configuration has under `clusterops:override`. */
  override?: Pulumi.Input<string>;
}

/**
 * Explicit settings for a part of a program, in place of stack configuration. Resources that are given one as `provider` go through the
 * native plugin, which the project has to name in Pulumi.yaml (`plugins`).
 */
export class Provider extends pulumi.ProviderResource {
  constructor(name: string, { connections, guards, override }: ProviderArgs, opts?: Pulumi.ResourceOptions) {
    // As every provider's arguments travel: as JSON text. They may hold credentials.
    const text = (value: Pulumi.Input<object>) =>
      (pulumi.output(value) as Pulumi.Output<object>).apply((known) => JSON.stringify(known));
    const settings = { ...(guards && { guards: text(guards) }), ...(override && { override }) };
    super("clusterops", name, { connections: pulumi.secret(text(connections)), ...settings }, opts);
  }
}
