import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import * as aspire from "../../../provider/aspire/index.ts";
import * as factfinder from "../../../provider/factfinder/index.ts";
import { types } from "../../../provider/index.ts";
import * as redis from "../../../provider/redis/index.ts";
import * as tcf from "../../../provider/tcf/index.ts";
import { ensurePulumi } from "../../../scripts/pulumi-cli.ts";
import { built } from "../../support/built.ts";

const file = join(import.meta.dirname, "..", "..", "..", "plugin", "schema.json");

interface Property {
  description?: string;
  secret?: boolean;
  default?: unknown;
  $ref?: string;
}

interface ObjectType {
  description: string;
  properties: Record<string, Property>;
  required: string[];
}

interface Resource extends ObjectType {
  inputProperties: Record<string, Property>;
  requiredInputs: string[];
  aliases: { type: string }[];
}

interface Schema {
  resources: Record<string, Resource>;
  functions: Record<string, { description: string; inputs: ObjectType; outputs: ObjectType }>;
  types: Record<string, Partial<ObjectType>>;
}

describe("the schema of the native plugin", () => {
  let schema: Schema;

  before(async function () {
    await built.call(this);
    schema = JSON.parse(readFileSync(file, "utf8"));
  });

  it("is one that Pulumi takes", async function () {
    this.timeout(60_000);
    const { bin } = await ensurePulumi();
    const { all, exitCode } = await execa(bin, ["schema", "check", file], { all: true, reject: false });
    assert.deepEqual([exitCode, all], [0, ""]);
  });

  it("has every resource and function of the provider", () => {
    assert.deepEqual(
      Object.keys(schema.resources),
      types.map((type) => `clusterops:${type}`),
    );
    const functions = [redis, tcf, factfinder, aspire].flatMap((system) =>
      system.functions.map(({ system: { name: of }, name }) => `clusterops:${of}:${name}`),
    );
    assert.ok(functions.length > 8);
    assert.deepEqual(Object.keys(schema.functions).sort(), functions.sort());
  });

  it("says what everything is that a program writes or reads", () => {
    const objects = [
      ...Object.entries(schema.resources).flatMap(([name, { inputProperties, properties }]) => [
        [name, inputProperties] as const,
        [name, properties] as const,
      ]),
      ...Object.entries(schema.functions).map(([name, { inputs }]) => [name, inputs.properties] as const),
      ...Object.entries(schema.types).map(([name, { properties = {} }]) => [name, properties] as const),
    ];
    const silent = objects.flatMap(([name, properties]) =>
      Object.entries(properties)
        // An item of a batch is the vendor's, field by field.
        .filter(([, { description = "" }]) => description === "" && !name.endsWith(":BatchEntry"))
        .map(([property]) => `${name}.${property}`),
    );
    assert.deepEqual(silent, []);
    for (const { description } of [...Object.values(schema.resources), ...Object.values(schema.functions)])
      assert.ok(description.length > 20, description);
  });

  it("tells defaults, and has no program send them", () => {
    const properties = Object.values(schema.resources).flatMap((it) => Object.values(it.inputProperties));
    assert.deepEqual(
      properties.filter((property) => property.default !== undefined),
      [],
    );
    const { strategy, force } = schema.resources["clusterops:tcf:ActiveCluster"]?.inputProperties ?? {};
    assert.match(strategy?.description ?? "", / Default: "demoteThenPromote"\.$/);
    assert.match(force?.description ?? "", / Default: false\.$/);
  });

  it("keeps every credential secret", () => {
    const secrets = Object.entries(schema.types).flatMap(([name, { properties = {} }]) =>
      Object.entries(properties)
        .filter(([, { secret }]) => secret)
        .map(([property]) => `${name.replace(/.*:/, "")}.${property}`),
    );
    assert.deepEqual(secrets.sort(), [
      "Connection.clientKey",
      "Connection.headers",
      "Connection.password",
      "Connection.token",
      "OAuth2.clientSecret",
      "OAuth2.password",
    ]);
  });

  it("requires what is required, and has its stack's dynamic resources go on", () => {
    for (const [token, { required, requiredInputs, properties, aliases }] of Object.entries(
      schema.resources,
    )) {
      for (const name of requiredInputs) assert.ok(required.includes(name), `${token}.${name}`);
      for (const name of required) assert.ok(name in properties, `${token}.${name}`);
      assert.deepEqual(aliases, [
        { type: `pulumi-nodejs:dynamic/clusterops/${token.replace(/^clusterops:/, "")}` },
      ]);
    }
  });

  it("hands what was there before a run from the companion to the run, and nobody reads it", () => {
    for (const type of ["redis:NodeAction", "factfinder:DatabasePrune"]) {
      const run = schema.resources[`clusterops:${type}`]?.inputProperties.before;
      const companion = schema.resources[`clusterops:${type}Intent`];
      assert.equal(run?.$ref, "pulumi.json#/Any");
      assert.equal(companion?.properties.before?.$ref, "pulumi.json#/Any");
      assert.ok(companion?.required.includes("before"));
    }
  });
});
