import { hasCompanion } from "../../doors/shared/companions.ts";
import type { Attribute, Block, Schema } from "../../doors/terraform/schema.ts";
import { lifecycle, types } from "../../provider/index.ts";
import { readSdk, type Sdk } from "../docs/sdk.ts";
import { described, functionsIn, manifest } from "../plugin/schema.ts";
import { overrideDescription, told } from "../plugin/settings.ts";
import type { JsonSchema } from "../plugin/types.ts";
import { nameOf, Text } from "./text.ts";
import { TerraformTypes } from "./types.ts";

type Definitions = Record<string, JsonSchema>;

/** What Terraform's users write, out of the JSON Schemas of the interfaces. */
export function terraformSchema(definitions: Definitions): Schema {
  const text = new Text(definitions);
  const known = new TerraformTypes(definitions, text);
  const sdk = readSdk();
  const [connections, guards, override] = known.inputs({
    properties: {
      connections: { type: "object", additionalProperties: { $ref: "#/definitions/Connection" } },
      guards: { type: "object", additionalProperties: { $ref: "#/definitions/Guard" } },
      override: { type: "string" },
    },
  }) as [Attribute, Attribute, Attribute];
  const inTerraform = (block: Block): Block => ({ ...block, description: text.of(block.description) });
  return {
    version: manifest().version,
    provider: [
      {
        ...connections,
        isOpen: true,
        sensitive: true,
        description:
          "How to reach each installation, by the name that resources use. Never recorded in the state.",
      },
      {
        ...guards,
        isOpen: true,
        description:
          'What holds back what is sent: maintenance windows, freezes, limits (see [guards](guards.md)). By the name of a connection, or `"*"` for all.',
      },
      {
        ...override,
        description: overrideDescription,
      },
      ...settings.map((setting) => ({ ...setting, optional: true })),
    ],
    resources: Object.fromEntries(
      types.map((type) => [nameOf(type), inTerraform(resource(type, definitions, known, sdk))]),
    ),
    dataSources: Object.fromEntries(
      functionsIn(definitions, sdk)
        // It takes work, and a data source is read at every plan.
        .filter(({ name }) => name !== "claimBatch")
        .map(({ system, name, args, result }) => [
          nameOf(`${system}:${name.replace(/^get/, "")}`),
          inTerraform(dataSource(`${system}:${name}`, [args, result], known, sdk)),
        ]),
    ),
  };
}

const settings = Object.entries(told).map(([name, { type, description, ...how }]): Attribute => {
  const isSensitive = "secret" in how;
  return {
    name,
    property: name,
    type: type === "boolean" ? "bool" : type,
    ...(isSensitive && { sensitive: true }),
    description,
  };
});

const before: Attribute = {
  name: "before",
  property: "__before",
  type: "dynamic",
  optional: true,
  description:
    "What was there before this run: the attribute `before` of its intent. A run that was killed between its request and the writing of the state is then recognized, and not run twice.",
};

/** The same of the intent, which makes it. */
const record: Attribute = {
  name: "before",
  property: "before",
  type: "dynamic",
  computed: true,
  description: "What is there now: for the attribute `before` of the run.",
};

const id: Attribute = {
  name: "id",
  property: "id",
  type: "string",
  computed: true,
  description: "Names what it stands for.",
};

const ready: Attribute = {
  name: "ready",
  property: "ready",
  type: "bool",
  computed: true,
  description:
    "False while it is not finished: the next `terraform apply` resumes it. Terraform itself ends with exit code 0 there, so hold it in a `postcondition`.",
};

function resource(type: string, definitions: Definitions, known: TerraformTypes, sdk: Sdk): Block {
  const [system = "", name = ""] = type.split(":");
  const inputs = known.inputs(definitions[`${name}Inputs`] ?? {});
  const given = new Set(inputs.map((input) => input.name));
  const outputs = [definitions[`${name}Outputs`], definitions.Timing]
    .flatMap((schema) => known.outputs(schema ?? {}))
    .filter((output) => !given.has(output.name))
    .map((output) => (output.property === "before" ? record : output));
  return {
    type,
    description: described(system, name, sdk),
    attributes: [
      ...inputs.map((input) => replacing(input, lifecycle(type).replacedBy)),
      ...(hasCompanion(type) ? [before] : []),
      ...outputs,
      id,
      ready,
    ],
  };
}

function replacing(attribute: Attribute, replacedBy: readonly string[]): Attribute {
  if (!replacedBy.includes(attribute.property)) return attribute;
  return {
    ...attribute,
    description: `${attribute.description ?? ""} Another one is another object.`.trim(),
  };
}

function dataSource(
  type: string,
  [args, result]: [JsonSchema, JsonSchema],
  known: TerraformTypes,
  sdk: Sdk,
): Block {
  const [system = "", name = ""] = type.split(":");
  const inputs = known.inputs(args);
  const given = new Set(inputs.map((input) => input.name));
  const description = sdk.docOf(system, name);
  return {
    type,
    description,
    // An answer that is no object has no words of its own.
    attributes: [...inputs, ...known.outputs(result).filter((output) => !given.has(output.name))].map(
      (attribute) => ({ description, ...attribute }),
    ),
  };
}
