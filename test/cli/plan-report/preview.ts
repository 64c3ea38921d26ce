import { type Facts, factsLine } from "../../../provider/core/data/approval.ts";
import { oneLine } from "../../../provider/core/data/one-line.ts";

/** What `pulumi preview --json` writes of one resource. */
export interface Previewed {
  name: string;
  /** E.g. `redis:NodeMaintenance`, or another package's. */
  type: string;
  op?: string;
  said?: [severity: "info" | "warning" | "error", message: string][];
  /** What it depends on. */
  after?: Previewed[];
  /** What was looked at, where that was asked for. */
  facts?: Facts;
  /** An input that depends on what is still to be made. */
  isUnknown?: boolean;
  /** Where its connections lead. */
  at?: Facts;
}

/** The URN of a resource of the project `shop`. */
export function urnOf({ type, name }: Previewed, stack = "prod"): string {
  const token = /^(redis|tcf|factfinder|aspire):/.test(type)
    ? `pulumi-nodejs:dynamic/clusterops/${type}`
    : type;
  return `urn:pulumi:${stack}::shop::${token}::${name}`;
}

/** A preview of these, as the CLI writes it. */
export function preview(resources: readonly Previewed[], stack = "prod"): string {
  return JSON.stringify({
    config: { "clusterops:connections": "[secret]" },
    steps: [
      { op: "create", urn: `urn:pulumi:${stack}::shop::pulumi:pulumi:Stack::shop-${stack}` },
      ...resources.map((resource) => ({
        op: resource.op ?? "create",
        urn: urnOf(resource, stack),
        [resource.op === "delete" ? "oldState" : "newState"]: {
          dependencies: (resource.after ?? []).map((earlier) => urnOf(earlier, stack)),
          inputs: { nodeUid: resource.isUnknown ? "04da6b54-80e4-46f7-96ec-b56ff0331ba9" : 2 },
        },
      })),
    ],
    diagnostics: resources.flatMap((resource) => {
      const { said = [], facts, at } = resource;
      const urn = urnOf(resource, stack);
      const line =
        facts &&
        factsLine({
          program: `shop/${stack}`,
          resource: oneLine(urn.split("::").slice(2).join("::")),
          inputs: "1",
          facts,
          ...(at && { at }),
        });
      return [...said, ...(line === undefined ? [] : [["info", line] as const])].map(
        ([severity, message]) => ({
          urn,
          severity,
          message: severity === "info" ? `\n${message}\n` : `${severity}: ${message}\n`,
        }),
      );
    }),
    changeSummary: { create: resources.length },
  });
}
