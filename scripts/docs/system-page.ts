import type { System } from "../../provider/core/connection/settings.ts";
import type { ReadFunction } from "../../provider/core/lifecycle/read-function.ts";
import type { Spec } from "../../provider/core/lifecycle/resource.ts";
import { pages } from "./calls/index.ts";
import { componentSection } from "./component-section.ts";
import { type Field, inputTable, outputTable } from "./fields.ts";
import { functionsSection } from "./function-section.ts";
import { kindOf } from "./kind.ts";
import { anchor, blocks, code, table } from "./markdown.ts";
import type { Notes } from "./notes/notes.ts";
import { resourceSection } from "./resource-section.ts";
import { docOf, fieldsOf } from "./schemas.ts";
import type { Sdk } from "./sdk.ts";

export interface SystemModule {
  resources: Spec[];
  // biome-ignore lint/suspicious/noExplicitAny: each function has arguments and a result of its own
  functions: ReadFunction<any, any>[];
}

/** The reference of one system. */
export async function systemPage(
  notes: Notes,
  { resources, functions }: SystemModule,
  sdk: Sdk,
): Promise<string> {
  const { intro, system } = notes;
  const { name, title } = system;
  const kinds = await Promise.all(resources.map(kindOf));
  const isInternal = ({ type }: Spec) => !(type in notes.resources);
  const offered = resources.filter((spec) => !isInternal(spec));
  const components = sdk.componentsOf(name);
  const sections = offered.map((spec) =>
    resourceSection(spec, notes.resources[spec.type] as Notes["resources"][string], sdk),
  );
  return blocks(
    `# ${title}`,
    intro,
    sourcesOf(system),
    table(
      ["Name", "What it stands for"],
      [...offered.map(({ type }) => type), ...components, ...functions.map((fn) => fn.name)].map((item) => [
        `[${code(item)}](#${anchor(item)})`,
        sdk.docOf(name, item),
      ]),
    ),
    commonSection(kinds.includes("run")),
    ...(await Promise.all(sections)),
    ...components.map((component) =>
      componentSection(name, component, notes.components[component] ?? "", sdk),
    ),
    functionsSection(name, functions, sdk),
    internalSection(resources.filter(isInternal)),
  );
}

function sourcesOf({ name, title }: System): string {
  const own = pages.filter(({ system }) => system === name);
  const links = own.map((page) => (page.url ? `[${page.title}](${page.url})` : page.title));
  const leftOut = own.flatMap((page) =>
    page.leftOut ? `Left out: "${page.leftOut.what}"; ${page.leftOut.why}.` : [],
  );
  return [
    `The vendor's pages: ${links.join(", ")}.`,
    ...leftOut,
    `The test of each call: [coverage](coverage.md#${anchor(title)}).`,
  ].join(" ");
}

function commonSection(hasRuns: boolean): string {
  const inputs = fieldsOf(hasRuns ? "RunInputs" : "CommonInputs");
  const effectOf = ({ path }: Field) => (path === "triggers" ? "runs again, in place" : "recorded");
  return blocks(
    "## Common inputs and outputs",
    inputTable(inputs, "Input", effectOf),
    `${hasRuns ? "`triggers` is for run resources. " : ""}A change that is only recorded sends nothing. Every input is also an output of the same name, and each
resource has the times of its last work:`,
    outputTable(fieldsOf("Timing"), "Output"),
  );
}

/** Resources that the CLI's tree shows although no program declares them. */
function internalSection(specs: Spec[]): string | undefined {
  if (specs.length === 0) return undefined;
  const lines = specs.map(({ type }) => `- ${code(type)}: ${docOf(`${type}Inputs`)}`);
  return blocks(
    "## Other resources in the tree",
    "The classes above declare these; programs do not. A resource that ends in `Intent` only reads, right before its run, so that a run whose process was killed is not run twice. It takes the run's options, and comes with it; an `up` that is limited to the run (`--target`) leaves it out, and says so.",
    lines.join("\n"),
  );
}
