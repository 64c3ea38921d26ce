import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Type } from "../../doors/terraform/codec.ts";
import { type Attribute, type Block, isInput, type Nested, schema } from "../../doors/terraform/schema.ts";

/*
 * The pages that Terraform's registry shows, in its layout: one of each resource and data source, out of the schema that the provider
 * itself tells.
 */

const examples = join(import.meta.dirname, "..", "..", "docs", "examples", "terraform");

const systems: Record<string, string> = {
  redis: "Redis Enterprise Software",
  tcf: "Tarantool Clusters Federation",
  factfinder: "FACT-Finder",
  aspire: "Aspire",
};

/** What can be imported, and an id of it. */
const importIds: Record<string, string> = {
  clusterops_redis_node_maintenance: "redis/2",
  clusterops_redis_replica_node: "redis/3",
  clusterops_tcf_active_cluster: "cluster1=tcf-east+cluster2=tcf-west",
  clusterops_tcf_cluster_role: "tcf-west/cluster2",
  clusterops_factfinder_database_sync: "de?director=factfinder&nodes=worker-1,worker-2",
};

/** Text by path in docs/. */
export function terraformPages(): Record<string, string> {
  const pages = (folder: string, kind: string, blocks: Record<string, Block>) =>
    Object.entries(blocks).map(([name, block]) => [
      `${folder}/${name.replace(/^clusterops_/, "")}.md`,
      page(name, kind, block),
    ]);
  return Object.fromEntries([
    ["index.md", index()],
    ...pages("resources", "Resource", schema.resources),
    ...pages("data-sources", "Data Source", schema.dataSources),
  ]);
}

/** As each example's file has it, with a word on what it is. */
export function exampleOf(name: string, kind: string): string {
  const file = kind === "Resource" ? name : `data.${name}`;
  return readFileSync(join(examples, `${file}.tf`), "utf8").trim();
}

function page(name: string, kind: string, { type, description, attributes }: Block): string {
  const [first = ""] = description.split("\n");
  const example = ["## Example Usage", "", "```terraform", exampleOf(name, kind), "```"];
  const id = importIds[name];
  const imported =
    id === undefined ? [] : ["## Import", "", "```shell", `terraform import ${name}.example '${id}'`, "```"];
  const isRun = kind === "Resource" && id === undefined;
  return [
    ...frontMatter(`${name} ${kind} - clusterops`, first, systems[type.split(":")[0] ?? ""]),
    `# ${name} (${kind})`,
    "",
    description,
    "",
    ...example,
    "",
    ...schemaOf(attributes),
    ...imported,
    ...(isRun
      ? ["A run cannot be imported: declare it, and a plan says what would be sent, if anything."]
      : []),
  ]
    .join("\n")
    .trim();
}

function index(): string {
  return [
    ...frontMatter("clusterops Provider", "What operators do by hand in a maintenance window, as resources."),
    "# clusterops Provider",
    "",
    "Declares what operators do by hand in a maintenance window: Redis Enterprise Software, Tarantool Clusters Federation, FACT-Finder and Aspire. How it is used, and where its limits are: [terraform](terraform.md). It runs on Node.js 22.19 or later, which has to be on the PATH.",
    "",
    "## Example Usage",
    "",
    "```terraform",
    readFileSync(join(examples, "provider", "main.tf"), "utf8").trim(),
    "```",
    "",
    ...schemaOf(schema.provider),
  ]
    .join("\n")
    .trim();
}

function frontMatter(title: string, description: string, subcategory?: string): string[] {
  return [
    "---",
    `page_title: ${JSON.stringify(title)}`,
    ...(subcategory === undefined ? [] : [`subcategory: ${JSON.stringify(subcategory)}`]),
    `description: ${JSON.stringify(description)}`,
    "---",
    "",
  ];
}

function schemaOf(attributes: readonly Attribute[]): string[] {
  const groups: [title: string, those: (attribute: Attribute) => boolean][] = [
    ["Required", ({ required }) => required === true],
    ["Optional", ({ optional }) => optional === true],
    ["Read-Only", (attribute) => !isInput(attribute)],
  ];
  const lists = groups.flatMap(([title, those]) => {
    const found = attributes.filter(those);
    return found.length === 0 ? [] : [`### ${title}`, "", ...found.flatMap((one) => lines(one, "")), ""];
  });
  return ["## Schema", "", ...lists];
}

function lines(attribute: Attribute, indent: string): string[] {
  const { name, type, nested, sensitive, description } = attribute;
  const kind = [typeName(type, nested), ...(sensitive ? ["sensitive"] : [])].join(", ");
  const own = `${indent}- \`${name}\` (${kind})${description === undefined ? "" : ` ${description.replace(/\s*\n\s*/g, " ")}`}`;
  return [own, ...(nested?.attributes ?? []).flatMap((inner) => lines(inner, `${indent}  `))];
}

function typeName(type: Type | undefined, nested?: Nested): string {
  if (nested) return { single: "Object", list: "List of objects", map: "Map of objects" }[nested.mode];
  if (type === "dynamic") return "Any type";
  if (typeof type === "string") return { string: "String", number: "Number", bool: "Boolean" }[type] ?? type;
  const [kind, of] = type as [string, Type];
  return `${kind === "map" ? "Map" : "List"} of ${typeName(of)}s`
    .toLowerCase()
    .replace(/^./, (letter) => letter.toUpperCase());
}
