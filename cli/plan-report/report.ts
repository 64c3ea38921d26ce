import type { Fingerprint } from "./fingerprint.ts";
import { code, list } from "./markdown.ts";
import { isUntold, type Plan, type Planned } from "./plan.ts";

/** Of each kind so many are shown: hosts of pull requests take 65,536 characters. */
const most = 100;

/** What a delete sends, which no preview says: the engine does not ask about it. */
const deletions: Record<string, string> = {
  "redis:NodeMaintenance": "maintenance_off: the node leaves maintenance",
  "redis:MaintenanceStep": "maintenance_off, where this step has left its node in maintenance",
  "redis:NodeAction": "cancels the action, if it still runs",
  "redis:NodeRemoval": "cancels the removal, if it still runs",
};

/** The report, in Markdown for a pull request: what stands in the way first, then what will be sent, then the rest. */
export function reportOf(plan: Plan, fingerprint: Fingerprint): string {
  const { resources, program } = plan;
  const title = program === undefined ? "Plan" : `Plan of ${code(program)}`;
  const parts = [
    `## ${title}`,
    summary(plan),
    section("Refused", said(plan, "errors")),
    section("Warnings", said(plan, "warnings")),
    section(sent(plan), resources.flatMap(sendings)),
    section("Where", places(plan)),
    section("What cannot be told yet", resources.filter(isUntold).map(untold)),
    section("What else changes", resources.filter(({ isOurs }) => !isOurs).flatMap(changes)),
    section("What was looked at", resources.flatMap(looks)),
    approval(plan, fingerprint),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function section(title: string, entries: readonly string[]): string {
  return entries.length === 0 ? "" : `### ${title}\n\n${list(entries, most).join("\n")}`;
}

/** A list reads like a sequence: of Pulumi's it is one (order.ts). */
function sent({ tool, resources }: Plan): string {
  const isSequence = tool === "pulumi" || resources.filter((one) => sendings(one).length > 0).length < 2;
  return isSequence ? "What will be sent" : "What will be sent, in no particular order";
}

function summary(plan: Plan): string {
  const { resources } = plan;
  if ([plan, ...resources].some(({ errors }) => errors.length > 0))
    return "**Refused**: as it stands, this cannot be carried out.";
  const count = resources.filter((resource) => sendings(resource).length > 0).length;
  const warnings = said(plan, "warnings").length;
  return `${summaryOf(count, resources.filter(isUntold).length)}; ${warnings === 0 ? "no warnings" : `**${warnings}** warning${warnings === 1 ? "" : "s"}`}.`;
}

function summaryOf(sent: number, open: number): string {
  if (sent === 0)
    return open === 0
      ? "Nothing will be sent to a cluster"
      : `What will be sent to clusters cannot be told yet of **${open}**`;
  return `**${sent}** to be sent to clusters${open === 0 ? "" : `, and **${open}** that cannot be told yet`}`;
}

function untold(resource: Planned): string {
  return `${titleOf(resource)}: ${resource.open}; an update that is held to the fingerprint sends nothing for it`;
}

/** Of resources, then of the whole. */
function said(plan: Plan, what: "warnings" | "errors"): string[] {
  return [
    ...plan.resources.flatMap((resource) =>
      resource[what].map((text) => `${titleOf(resource)}: ${code(text)}`),
    ),
    ...plan[what].map(code),
  ];
}

function sendings(resource: Planned): string[] {
  const { lines, action, isOurs, type } = resource;
  if (!isOurs) return [];
  const deletion = action === "delete" || action === "replace" ? deletions[type] : undefined;
  const all = [
    ...(deletion ? [`${action === "delete" ? "deleted" : "replaced"}: ${deletion}`] : []),
    ...lines,
  ];
  return all.map((text) => `${titleOf(resource)}: ${code(text)}`);
}

/** Each place once, with all that is sent there: a name may mean another cluster than a reader thinks. */
function places({ resources }: Plan): string[] {
  const names = new Map<string, Set<string>>();
  for (const { looked, lines, name } of resources)
    for (const place of lines.length > 0 ? looked.flatMap(({ at }) => Object.values(at ?? {})) : [])
      names.set(place, (names.get(place) ?? new Set()).add(name));
  return [...names].map(([place, all]) => `${code(place)}: ${[...all].map(code).join(", ")}`);
}

function changes(resource: Planned): string[] {
  return resource.action === undefined ? [] : [`${code(resource.action)} ${titleOf(resource)}`];
}

function looks(resource: Planned): string[] {
  return resource.looked
    .flatMap(({ facts }) => Object.entries(facts))
    .map(([fact, is]) => `${titleOf(resource)}: ${code(`${fact}: ${is}`)}`);
}

function titleOf({ name, type }: Planned): string {
  return `${code(name)} (${code(type)})`;
}

/** How the approval comes back, together with the saved plan, which holds the program to what was previewed (docs/approval.md). */
function approval({ tool }: Plan, fingerprint: Fingerprint): string {
  if ("missing" in fingerprint) return `### Fingerprint\n\nNone: ${code(fingerprint.missing)}`;
  const { token } = fingerprint;
  const [command, saved, plan] =
    tool === "pulumi"
      ? ["pulumi up --plan plan.json", "--save-plan plan.json", "plan.json"]
      : ["terraform apply plan.tfplan", "-out plan.tfplan", "plan.tfplan"];
  return [
    "### Fingerprint",
    "",
    `It stands for what was looked at. Whoever carries this out hands it back; what has changed by then is refused, and says so. \`${plan}\` is the plan that \`${saved}\` saved:`,
    "",
    "```sh",
    `CLUSTEROPS_EXPECT=${token} ${command}`,
    "```",
  ].join("\n");
}
