import type grpc from "@grpc/grpc-js";
import rpc from "@pulumi/pulumi/proto/provider_pb.js";
import statuses from "@pulumi/pulumi/proto/status_pb.js";
import { decode } from "../../../doors/native/codec.ts";
import type { Properties } from "../../rules/door.ts";

/** A failed call, as the engine gets it. */
export class CallError extends Error {
  /** What is to be recorded all the same. */
  readonly recorded:
    | { id: string; properties: Properties; inputs: Properties; reasons: string[] }
    | undefined;

  constructor(error: grpc.ServiceError) {
    super(error.details);
    const [bytes] = error.metadata.get("grpc-status-details-bin");
    const [detail] = bytes ? statuses.Status.deserializeBinary(bytes as Buffer).getDetailsList() : [];
    const failed = detail?.unpack(
      rpc.ErrorResourceInitFailed.deserializeBinary,
      "pulumirpc.ErrorResourceInitFailed",
    );
    this.recorded = failed
      ? {
          id: failed.getId(),
          properties: decode(failed.getProperties()).value,
          inputs: decode(failed.getInputs()).value,
          reasons: failed.getReasonsList(),
        }
      : undefined;
  }
}

/** As the engine writes the URN of a resource. */
export function urnOf(type: string, name = "it"): string {
  return `urn:pulumi:dev::shop::clusterops:${type}::${name}`;
}

/** The error of a call. */
export async function failureOf(work: Promise<unknown>): Promise<CallError> {
  const ended = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (ended instanceof CallError) return ended;
  throw new Error(ended === undefined ? "succeeded although it cannot" : String(ended));
}
