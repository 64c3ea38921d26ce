import type { Type } from "./codec.ts";
import generated from "./generated/schema.json" with { type: "json" };

/*
 * What Terraform's users write, made of the interfaces of the resources (scripts/terraform/schema.ts).
 */

/** One attribute, and the property of the lifecycle that it stands for. */
export interface Attribute {
  /** E.g. `node_uid`. */
  name: string;
  /** E.g. `nodeUid`. */
  property: string;
  /** Absent: it holds objects. */
  type?: Type;
  nested?: Nested;
  /** In Markdown. */
  description?: string;
  required?: boolean;
  optional?: boolean;
  computed?: boolean;
  sensitive?: boolean;
  /** Told as of any type: of objects inside an attribute Terraform drops, without a word, what the schema does not know. */
  isOpen?: boolean;
  /** A text that may stand for a number, as a duration: `"90"`. */
  isNumeric?: boolean;
}

/** Objects inside an attribute. */
export interface Nested {
  mode: "single" | "list" | "map";
  attributes: Attribute[];
}

/** A resource's or a data source's. */
export interface Block {
  /** Of the lifecycle, e.g. `redis:NodeMaintenance`; of a data source its function, e.g. `redis:getNode`. */
  type: string;
  /** In Markdown. */
  description: string;
  attributes: Attribute[];
}

export interface Schema {
  version: string;
  provider: Attribute[];
  resources: Record<string, Block>;
  dataSources: Record<string, Block>;
}

export const schema = generated as unknown as Schema;

/** Of all resources: raised where what is recorded has to be made over. */
const schemaVersion = 0;

export function resourceAt(name: string): Block {
  return found(schema.resources[name], name);
}

export function dataSourceAt(name: string): Block {
  return found(schema.dataSources[name], name);
}

function found(block: Block | undefined, name: string): Block {
  if (!block) throw new Error(`this version of the provider has no ${name}`);
  return block;
}

/** Whether users set it. */
export function isInput({ required, optional }: Attribute): boolean {
  return required === true || optional === true;
}

const capabilities = { planDestroy: true, getProviderSchemaOptional: true };

/** Names only, for engines that ask for no more. */
export function metadata(): object {
  const named = (blocks: object) => Object.keys(blocks).map((typeName) => ({ typeName }));
  return {
    serverCapabilities: capabilities,
    resources: named(schema.resources),
    dataSources: named(schema.dataSources),
  };
}

/** All schemas, as the protocol tells them. */
export function told(): object {
  const blocks = (all: Record<string, Block>) =>
    Object.fromEntries(Object.entries(all).map(([name, block]) => [name, toldBlock(block)]));
  return {
    provider: toldBlock({ description: "", attributes: schema.provider }),
    resourceSchemas: blocks(schema.resources),
    dataSourceSchemas: blocks(schema.dataSources),
    serverCapabilities: capabilities,
  };
}

const markdown = 1;

function toldBlock({ description, attributes }: Pick<Block, "description" | "attributes">): object {
  return {
    version: schemaVersion,
    block: { attributes: attributes.map(toldAttribute), description, descriptionKind: markdown },
  };
}

const nestings = { single: 1, list: 2, map: 4 };

function toldAttribute({ name, type, nested, description, ...how }: Attribute): object {
  const { required, optional, computed, sensitive, isOpen } = how;
  const told = isOpen ? "dynamic" : type;
  return {
    name,
    ...(told !== undefined && { type: Buffer.from(JSON.stringify(told)) }),
    ...(nested &&
      !isOpen && {
        nestedType: { nesting: nestings[nested.mode], attributes: nested.attributes.map(toldAttribute) },
      }),
    ...(description !== undefined && { description, descriptionKind: markdown }),
    ...Object.fromEntries(Object.entries({ required, optional, computed, sensitive }).filter(([, is]) => is)),
  };
}
