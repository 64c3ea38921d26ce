import grpc from "@grpc/grpc-js";
import rpc from "@pulumi/pulumi/proto/provider_pb.js";
import statuses from "@pulumi/pulumi/proto/status_pb.js";
import any from "google-protobuf/google/protobuf/any_pb.js";
import { NotReady } from "./answer.ts";
import { encode } from "./codec.ts";

/** What gRPC tells the engine of an error. Of what is begun but not ready, it tells what to record. */
export function failureOf(error: unknown): Partial<grpc.StatusObject> & { message: string } {
  const message = error instanceof Error ? error.message : String(error);
  const status = { code: grpc.status.UNKNOWN, details: message, message };
  return error instanceof NotReady ? { ...status, metadata: recorded(error) } : status;
}

/** The engine's own detail of a status: `pulumirpc.ErrorResourceInitFailed`. */
function recorded({ message, result, answer, inputs }: NotReady): grpc.Metadata {
  const detail = new rpc.ErrorResourceInitFailed();
  detail.setId(result.id);
  detail.setReasonsList(result.reasons);
  detail.setProperties(encode(answer.properties, inputs?.secrets, answer.paths));
  if (inputs) detail.setInputs(encode(inputs.value, inputs.secrets, answer.paths));
  const packed = new any.Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new statuses.Status();
  status.setCode(grpc.status.UNKNOWN);
  status.setMessage(message);
  status.addDetails(packed);
  const metadata = new grpc.Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  return metadata;
}
