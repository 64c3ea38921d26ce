import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { lifecycle, types } from "../../provider/index.ts";
import { readSdk, type Sdk } from "../docs/sdk.ts";
import { type JsonSchema, PulumiTypes } from "./types.ts";

const root = join(import.meta.dirname, "..", "..");

type Definitions = Record<string, JsonSchema>;

/** The package's schema as Pulumi's code generators and engine read it, out of the JSON Schemas of the interfaces. */
export function pluginSchema(definitions: Definitions): object {
  const { version, description, keywords, license, homepage, repository } = manifest();
  const named = new PulumiTypes(definitions);
  const sdk = readSdk();
  const connections = {
    ...named.property({ type: "object", additionalProperties: { $ref: "#/definitions/Connection" } }),
    description:
      "How to reach each installation, by the name that resources use: what stack configuration has under `clusterops:connections`.",
    secret: true,
  };
  return {
    name: "clusterops",
    version,
    displayName: "Cluster operations",
    description,
    keywords,
    license,
    homepage,
    repository: typeof repository === "object" ? repository.url : repository,
    config: { variables: { connections } },
    provider: {
      description: "Explicit settings for a part of a program, in place of stack configuration.",
      inputProperties: { connections },
    },
    resources: Object.fromEntries(
      types.map((type) => [`clusterops:${type}`, resource(type, definitions, named, sdk)]),
    ),
    functions: Object.fromEntries(functionsIn(definitions, sdk).map((fn) => functionOf(fn, named, sdk))),
    types: named.types,
    language: {
      nodejs: { respectSchemaVersion: true },
      python: { respectSchemaVersion: true, pyproject: { enabled: true } },
      go: { respectSchemaVersion: true, generateResourceContainerTypes: false },
      csharp: { respectSchemaVersion: true },
    },
  };
}

interface Manifest {
  version: string;
  description: string;
  keywords: string[];
  license: string;
  homepage?: string;
  repository?: string | { url: string };
}

export function manifest(): Manifest {
  return JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;
}

/** A run's record of what was there before it, in programs of other languages an ordinary input. */
const before = {
  $ref: "pulumi.json#/Any",
  description:
    "What was there before this run, from the output `before` of its companion: a run that was killed between its request and the writing of state is then recognized, and not run twice.",
};

function resource(type: string, definitions: Definitions, named: PulumiTypes, sdk: Sdk): object {
  const [system = "", name = ""] = type.split(":");
  const inputs = definitions[`${name}Inputs`] ?? {};
  const outputs = definitions[`${name}Outputs`] ?? {};
  const { replacedBy } = lifecycle(type);
  const inputProperties = named.properties(inputs);
  for (const property of replacedBy)
    Object.assign(inputProperties[property] ?? {}, { replaceOnChanges: true });
  if (types.includes(`${type}Intent`)) inputProperties.before = before;
  return {
    description: described(system, name, sdk),
    inputProperties,
    requiredInputs: inputs.required ?? [],
    properties: {
      ...inputProperties,
      ...named.properties(outputs),
      ...named.properties(definitions.Timing ?? {}),
    },
    required: [...new Set([...(inputs.required ?? []), ...(outputs.required ?? [])])],
    // A stack that was made through the dynamic provider goes on with this one: nothing is replaced.
    aliases: [{ type: `pulumi-nodejs:dynamic/clusterops/${type}` }],
  };
}

/** What no program in TypeScript has to write. */
const withoutClass: Record<string, string> = {
  NodeActionIntent:
    "Records what was there before a `NodeAction` with the same inputs: hand its output `before` to the run's input `before`, so that a run whose process was killed is recognized.",
  DatabasePruneIntent:
    "Records what was there before a `DatabasePrune` with the same inputs: hand its output `before` to the run's input `before`, so that a run whose process was killed is recognized.",
  MaintenanceStep:
    "One node entering (`phase: enter`) or leaving (`leave`) maintenance, as a step of a roll.",
};

export function described(system: string, name: string, sdk: Sdk): string {
  const doc = withoutClass[name] ?? sdk.docOf(system, name);
  const file = join(root, "docs", "examples", `${name}.ts`);
  if (!existsSync(file)) return doc;
  const program = readFileSync(file, "utf8").trim();
  return `${doc}\n\n## Example\n\n\`\`\`typescript\n${program}\n\`\`\``;
}

/** A function as its users call it, with the schemas of its arguments and its result. */
export interface FunctionSchemas {
  system: string;
  /** E.g. `getNode`. */
  name: string;
  args: JsonSchema;
  result: JsonSchema;
}

/** Every function whose arguments and result are interfaces. */
export function functionsIn(definitions: Definitions, sdk: Sdk): FunctionSchemas[] {
  return Object.entries(definitions).flatMap(([interfaceName, args]) => {
    const base = /^(.*)Args$/.exec(interfaceName)?.[1];
    const result = definitions[`${base}Result`];
    if (base === undefined || !result) return [];
    const name = `${base[0]?.toLowerCase()}${base.slice(1)}`;
    const system = ["redis", "tcf", "factfinder", "aspire"].find((one) => has(sdk, one, name));
    if (system === undefined) throw new Error(`no system has a function ${name}`);
    return [{ system, name, args, result }];
  });
}

function functionOf(
  { system, name, args, result }: FunctionSchemas,
  named: PulumiTypes,
  sdk: Sdk,
): [token: string, fn: object] {
  return [
    `clusterops:${system}:${name}`,
    {
      description: sdk.docOf(system, name),
      inputs: { type: "object", properties: named.properties(args), required: args.required ?? [] },
      outputs: { type: "object", properties: named.properties(result), required: result.required ?? [] },
    },
  ];
}

function has(sdk: Sdk, system: string, name: string): boolean {
  try {
    sdk.docOf(system, name);
    return true;
  } catch {
    return false;
  }
}
