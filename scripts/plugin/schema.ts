import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ProviderArgument } from "../../doors/native/configuration.ts";
import { hasCompanion } from "../../doors/shared/companions.ts";
import { lifecycle, types } from "../../provider/index.ts";
import { readSdk, type Sdk } from "../docs/sdk.ts";
import { overrideDescription, told } from "./settings.ts";
import { type JsonSchema, PulumiTypes } from "./types.ts";

const root = join(import.meta.dirname, "..", "..");

type Definitions = Record<string, JsonSchema>;

/** The package's schema as Pulumi's code generators and engine read it, out of the JSON Schemas of the interfaces. */
export function pluginSchema(definitions: Definitions): object {
  const {
    version,
    description,
    keywords,
    license,
    homepage,
    repository,
    peerDependencies: peers,
  } = manifest();
  const named = new PulumiTypes(definitions);
  const sdk = readSdk();
  const connections = {
    ...named.property({ type: "object", additionalProperties: { $ref: "#/definitions/Connection" } }),
    description:
      "How to reach each installation, by the name that resources use: what stack configuration has under `clusterops:connections`.",
    secret: true,
  };
  const guards = {
    ...named.property({ $ref: "#/definitions/Guards" }),
    description:
      'What holds back what is sent, by the name of a connection, or for all of them ("*"): what stack configuration has under `clusterops:guards`.',
  };
  const settings = {
    connections,
    guards,
    override,
    refreshBeforeUpdate,
    ...told,
  } satisfies Record<ProviderArgument, object>;
  return {
    name: "clusterops",
    version,
    displayName: "Cluster operations",
    description,
    keywords,
    license,
    homepage,
    repository: repository.url.replace(/^git\+|\.git$/g, ""),
    config: { variables: settings },
    provider: {
      description: "Explicit settings for a part of a program, in place of stack configuration.",
      inputProperties: settings,
    },
    resources: Object.fromEntries(
      types.map((type) => [`clusterops:${type}`, resource(type, definitions, named, sdk)]),
    ),
    functions: Object.fromEntries(functionsIn(definitions, sdk).map((fn) => functionOf(fn, named, sdk))),
    types: named.types,
    language: {
      python: {
        packageName: "pulumi_clusterops",
        respectSchemaVersion: true,
        pyproject: { enabled: true },
        requires: { pulumi: peers["@pulumi/pulumi"].replace(/^\^(\d+)(.*)$/, ">=$1$2,<4.0.0") },
        readme: readme(description, "pip install ./sdks/python"),
      },
      go: {
        importBasePath: `${goModule}/clusterops`,
        modulePath: goModule,
        respectSchemaVersion: true,
        generateResourceContainerTypes: false,
      },
    },
  };
}

/** Where programs in Go find the package: `npm run sdks` writes it there, and they name that place in a `replace`. */
const goModule = "github.com/pulumi-clusterops/pulumi-clusterops/sdks/go";

const override = { type: "string", description: overrideDescription };

const refreshBeforeUpdate = {
  type: "boolean",
  description:
    "Whether a plain preview and an update look at the systems first, so that drift shows in them. Default: false.",
};

function readme(description: string, install: string): string {
  return [
    "# clusterops",
    description,
    `Made by \`npm run sdks\`; \`${install}\`. A project needs the plugin beside it: see docs/native-plugin.md of the package.`,
  ].join("\n\n");
}

interface Manifest {
  version: string;
  description: string;
  keywords: string[];
  license: string;
  homepage: string;
  repository: { url: string };
  peerDependencies: { "@pulumi/pulumi": string };
}

export function manifest(): Manifest {
  return JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;
}

/** A run's record of what was there before it: in programs of other languages an ordinary input, and what it holds is nobody's to read. */
const before = {
  $ref: "pulumi.json#/Any",
  description:
    "What was there before this run, from the output `before` of its companion: a run that was killed between its request and the writing of state is then recognized, and not run twice.",
};
const record = { ...before, description: "What was there before the run, for its input `before`." };

function resource(type: string, definitions: Definitions, named: PulumiTypes, sdk: Sdk): object {
  const [system = "", name = ""] = type.split(":");
  const inputs = definitions[`${name}Inputs`] ?? {};
  const outputs = definitions[`${name}Outputs`] ?? {};
  const { replacedBy } = lifecycle(type);
  const inputProperties = named.properties(inputs);
  for (const property of replacedBy)
    Object.assign(inputProperties[property] ?? {}, { replaceOnChanges: true });
  if (hasCompanion(type)) inputProperties.before = before;
  const { before: isCompanion, ...outputProperties } = outputs.properties ?? {};
  return {
    description: [described(system, name, sdk), ...exampleOf(name)].join("\n\n"),
    inputProperties,
    requiredInputs: inputs.required ?? [],
    properties: {
      ...inputProperties,
      ...named.properties({ properties: outputProperties }),
      ...(isCompanion && { before: record }),
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
    'One node entering (`phase: "enter"`) or leaving (`"leave"`) maintenance, as a step of a roll.',
};

/** What a resource is for. */
export function described(system: string, name: string, sdk: Sdk): string {
  return withoutClass[name] ?? sdk.docOf(system, name);
}

/** Its example, in marks by which each generator leaves out what is not in its language, heading and all. */
function exampleOf(name: string): string[] {
  const file = join(root, "docs", "examples", `${name}.ts`);
  if (!existsSync(file)) return [];
  const program = readFileSync(file, "utf8").trim();
  return [
    "{{% examples %}}",
    "{{% example %}}",
    `### Example\n\n\`\`\`typescript\n${program}\n\`\`\``,
    "{{% /example %}}",
    "{{% /examples %}}",
  ];
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
