import rpc from "@pulumi/pulumi/proto/provider_pb.js";
import type { Details } from "./details.ts";

/** How the engine is told of a difference. */
export function diffResponse(isDifferent: boolean, replaces: string[], details: Details): rpc.DiffResponse {
  const { DiffChanges } = rpc.DiffResponse;
  const answer = new rpc.DiffResponse();
  answer.setChanges(isDifferent ? DiffChanges.DIFF_SOME : DiffChanges.DIFF_NONE);
  // Of what no user wrote the engine is told nothing: `replaceOnChanges` of all would replace what is only unfinished.
  answer.setDiffsList([...new Set([...details.keys()].map((path) => /^[^.[]+/.exec(path)?.[0] ?? path))]);
  answer.setReplacesList(replaces);
  // A node that leaves maintenance must not wait for another one that enters it: two would be away at once.
  answer.setDeletebeforereplace(true);
  answer.setHasdetaileddiff(true);
  for (const [path, { kind, replace }] of details) {
    const detail = new rpc.PropertyDiff();
    detail.setKind(kinds[kind][replace ? 1 : 0]);
    detail.setInputdiff(true);
    answer.getDetaileddiffMap().set(path, detail);
  }
  return answer;
}

const { Kind } = rpc.PropertyDiff;
const kinds = {
  add: [Kind.ADD, Kind.ADD_REPLACE],
  update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
  delete: [Kind.DELETE, Kind.DELETE_REPLACE],
} as const;
