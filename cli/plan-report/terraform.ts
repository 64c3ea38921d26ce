import { readFactsLine } from "../../provider/core/data/approval.ts";
import { oneLine } from "../../provider/core/data/one-line.ts";
import { asArray, asObject, asString, type Json } from "../../provider/core/data/values.ts";
import { inOrder } from "./order.ts";
import { add, Collected, type Plan, type Planned } from "./plan.ts";
import { note } from "./pulumi.ts";

/*
 * What Terraform and OpenTofu write: `plan -json`, one message a line, with all that the provider says; or `show -json` of a saved plan, which
 * holds the changes only.
 */

/** Whether it is a message of `plan -json`. */
export function isMessage(line: Json): boolean {
  return "@level" in line && "type" in line;
}

/** Whether it is the one that a plan ends with; one that has failed has none. */
export function isLastMessage(line: Json): boolean {
  return line.type === "change_summary";
}

/** Messages, one a line. */
export function planOfMessages(messages: readonly Json[]): Plan {
  const collected = new Collected();
  const plan: Plan = { tool: "terraform", resources: [], warnings: [], errors: [] };
  for (const { type, change, diagnostic } of messages) {
    if (type === "planned_change") plannedChange(collected, asObject(change));
    if (type === "diagnostic" || diagnostic !== undefined) say(collected, plan, asObject(diagnostic));
  }
  for (const resource of collected.all) {
    announce(resource);
    resource.open = untoldOf(resource);
  }
  return { ...plan, resources: byAddress(collected) };
}

/** Why it is not told what will be sent, if it is not. */
function untoldOf({ action, warnings, looked }: Planned): string | undefined {
  if (action === undefined || looked.length > 0) return undefined;
  // A provider that is asked what it has looked at says so wherever it says anything.
  if (warnings.length > 0)
    return "which of its warnings says what will be sent is told with CLUSTEROPS_EXPECT=report only";
  // Messages tell no values: of what depends on them the provider says nothing.
  return action === "create"
    ? "the provider said nothing of it, as where an input depends on what is still to be made"
    : undefined;
}

/** Terraform's providers can only warn: which of the warnings says what will happen, is known where that was asked for. */
function announce({ looked, warnings, lines }: Planned): void {
  for (const { plan = "" } of looked) {
    const at = warnings.indexOf(plan);
    if (at >= 0) lines.push(...warnings.splice(at, 1));
  }
}

/** What Terraform writes tells no dependencies that an address could be ordered by: it is the same each time. */
function byAddress({ all }: Collected): Planned[] {
  return inOrder(all, new Map());
}

const mute = "this file holds the changes only: give the output of plan -json";

/** A saved plan. */
export function planOfShow(show: Json): Plan {
  const collected = new Collected();
  for (const { address, change } of asArray(show.resource_changes).map(asObject)) {
    const action = actionOf(asArray(asObject(change).actions).map(String));
    const key = asString(address);
    if (key !== undefined && action !== undefined) Object.assign(of(collected, key), { action, open: mute });
  }
  return { tool: "terraform", resources: byAddress(collected), warnings: [], errors: [], mute };
}

function plannedChange(collected: Collected, { resource, action }: Json): void {
  const key = asString(asObject(resource).addr);
  const word = asString(action);
  if (key !== undefined && word !== undefined && word !== "noop" && word !== "read")
    of(collected, key).action = word;
}

/** Where several warnings begin alike, Terraform may show them as one: each of this provider's is all in its summary. */
function say(collected: Collected, plan: Plan, { severity, summary, detail, address }: Json): void {
  const text = [summary, detail].flatMap((part) => asString(part) ?? []).join(": ");
  const said = oneLine(text).trim();
  const key = asString(address);
  const resource = key === undefined ? unnamed(collected, said) : of(collected, key);
  if (severity === "error") add((resource ?? plan).errors, said);
  else if (resource?.isOurs && readFactsLine(said)) note(resource, said);
  else add((resource ?? plan).warnings, said);
}

/** Of a delete whose resource is no longer in the configuration, Terraform says no address: the provider's line does. */
function unnamed(collected: Collected, text: string): Planned | undefined {
  const line = readFactsLine(text);
  const [type = ""] = line?.resource.split(" ") ?? [];
  return line && collected.of(line.resource, () => ({ type, name: line.resource, isOurs: true }));
}

function actionOf(actions: readonly string[]): string | undefined {
  if (actions.includes("no-op") || actions.includes("read")) return undefined;
  return actions.length > 1 ? "replace" : actions[0];
}

function of(collected: Collected, address: string): Planned {
  return collected.of(address, () => {
    const [type = "", name = ""] = stepsOf(address).slice(-2);
    const [, system, words] = /^clusterops_([a-z]+)_(\w+)$/.exec(type) ?? [];
    const own = words && `${system}:${words.replace(/(?:^|_)(\w)/g, (_, letter) => letter.toUpperCase())}`;
    return { type: own ?? (type || address), name: name || address, isOurs: own !== undefined };
  });
}

/** `module.shop["a.b"].clusterops_tcf_cluster_role.r["dc.east"]`, at each dot that is not within the key of an instance. */
function stepsOf(address: string): string[] {
  return address.match(/(?:\[(?:"(?:[^"\\]|\\.)*"|[^\]"]*)\]|[^.[])+/g) ?? [];
}
