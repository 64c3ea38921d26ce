import assert from "node:assert/strict";
import fc from "fast-check";
import { functions as aspireFunctions } from "../../provider/aspire/index.ts";
import { ClusteropsError, InputError } from "../../provider/core/data/errors.ts";
import { propertiesOf } from "../../provider/core/data/inputs.ts";
import { functions as factfinderFunctions } from "../../provider/factfinder/index.ts";
import { invoke, types, unknown } from "../../provider/index.ts";
import { functions as redisFunctions } from "../../provider/redis/index.ts";
import { functions as tcfFunctions } from "../../provider/tcf/index.ts";
import { directDoor, type Properties } from "../rules/door.ts";
import { withHarness } from "../rules/resource-case.ts";
import { cases } from "../rules/rules.ts";
import { contextFor } from "../support/context.ts";

const readFunctions = [redisFunctions, tcfFunctions, factfinderFunctions, aspireFunctions].flat();

/** Anything that a program can hand over: Pulumi's wire knows no functions, dates or cycles. */
const anything: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(undefined, null, unknown, "", " ", 0, -1, 1.5, 1e308, true, [], {}, [[]], [null]),
  fc.constantFrom("../x", "a\u0000b", "\ud800", "x".repeat(300), "__proto__", "5m", "-1s", "1h30m"),
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.anything({
    maxDepth: 3,
    key: fc.constantFrom("__proto__", "constructor", "endpoint", "password", "a.b", "a[0]", ""),
    values: [
      fc.string({ maxLength: 5 }),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.constant(unknown),
    ],
  }),
);

/** Settings of a connection, good and bad ones. They lead nowhere but to the given server. */
function connections(url: string): fc.Arbitrary<Properties> {
  const settings = propertiesOf("Connection").filter((name) => !["endpoint", "endpoints"].includes(name));
  return fc
    .tuple(
      fc.constantFrom<Properties>({ endpoint: url }, { endpoints: [url] }, { endpoint: "no url" }, {}),
      fc.dictionary(fc.constantFrom(...settings, "endpont"), anything, { maxKeys: 2, noNullPrototype: true }),
    )
    .map(([where, others]) => ({ ...others, ...where }));
}

/** What may be wrong with the inputs of an interface: other values, names that are none, and its connection. */
function changes(schema: string, url: string): fc.Arbitrary<Properties> {
  const names = fc.constantFrom(...propertiesOf(schema), "nosuch", "__proto__x", "toString", "");
  return fc
    .tuple(
      fc.dictionary(names, anything, { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
      fc.option(connections(url), { freq: 4, nil: undefined }),
    )
    .map(([others, connection]) => (connection ? { ...others, connection } : others));
}

/** Starts with an input, or with stack config's own name. */
function isPropertyPath(path: string, given: Properties, schema: string): boolean {
  const known = [...propertiesOf(schema), ...Object.keys(given), "clusterops:connections"];
  const starts = known.map((name) => (name === "" ? '[""]' : name));
  return starts.some((name) => path === name || path.startsWith(`${name}.`) || path.startsWith(`${name}[`));
}

describe("whatever a program hands over", () => {
  it("is put to every resource type", () => {
    assert.deepEqual(cases.map(({ type }) => type).sort(), [...types].sort());
  });

  for (const resource of cases) {
    const schema = `${resource.type.split(":")[1]}Inputs`;
    it(`is taken by ${resource.type}, or refused under a property path`, () =>
      withHarness(directDoor, resource, async ({ session, simulator, good }) => {
        const url = simulator.endpoints[0] as string;
        await fc.assert(
          fc.asyncProperty(changes(schema, url), fc.boolean(), async (wrong, preview) => {
            const given = { ...good, ...wrong };
            const { failures } = await session.check(undefined, given, preview);
            for (const { property, reason } of failures) {
              assert.ok(isPropertyPath(property, given, schema), `${property}: ${reason}`);
              assert.ok(reason.length > 0, reason);
            }
            assert.equal(simulator.counts().mutating, 0);
          }),
          { seed: 1, numRuns: 60 },
        );
      }));
  }

  for (const { system, name } of readFunctions) {
    const schema = `${name[0]?.toUpperCase()}${name.slice(1)}Args`;
    const resource = cases.find(({ type }) => type.startsWith(`${system.name}:`));
    it(`is taken by the function ${system.name}.${name}, or refused with a property path`, () =>
      withHarness(
        directDoor,
        resource as (typeof cases)[number],
        async ({ simulator, connections: configured }) => {
          const context = contextFor({ [system.name]: Object.values(configured)[0] ?? {} });
          const url = simulator.endpoints[0] as string;
          await fc.assert(
            fc.asyncProperty(changes(schema, url), async (args) => {
              const failure = await invoke(`${system.name}:${name}`, context, args).catch((error) => error);
              if (!(failure instanceof Error)) return;
              if (failure instanceof InputError) assert.ok(failure.property.length > 0, failure.message);
              else
                assert.ok(failure instanceof ClusteropsError || failure.constructor === Error, failure.stack);
            }),
            { seed: 1, numRuns: 60 },
          );
        },
      ));
  }
});
