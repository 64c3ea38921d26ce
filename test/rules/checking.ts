import assert from "node:assert/strict";
import { propertiesOf } from "../../provider/core/data/inputs.ts";
import { unknown } from "../../provider/index.ts";
import type { Properties } from "./door.ts";
import { failureOf, type ResourceCase, type Suite, withHarness } from "./resource-case.ts";
import { CheckFailed } from "./stack.ts";

/** What is wrong for any resource. */
const bad: ResourceCase["bad"] = [
  [{ timout: "5m" }, "timout", /is not an input: did you mean timeout\?/],
  [{ timeout: "soon" }, "timeout", /"soon" is not a duration: write "90s"/],
  [{ timeout: "0s" }, "timeout", /must be positive/],
  [{ timeout: "-5m" }, "timeout", /is not a duration/],
  [{ timeout: ["5m"] }, "timeout", /not a string or a number/],
];

/** What is wrong for any resource that has a `connection`. */
const badConnection: ResourceCase["bad"] = [
  [
    { connection: "nowhere" },
    "connection",
    /(pulumi config set --path 'clusterops:|set )connections\.nowhere/,
  ],
  [{ connection: {} }, "connection", /has no endpoint/],
  [{ connection: { endpoint: "ftp://h" } }, "connection.endpoint", /write https:/],
  [{ connection: { endpoint: "https://u:p@h" } }, "connection.endpoint", /use the username and password/],
  [{ connection: { endpont: "https://h" } }, "connection.endpont", /did you mean endpoint/],
  [{ connection: { endpoint: "https://h", username: "u" } }, "connection.password", /is missing/],
  [{ connection: 5 }, "connection", /not a string or a Connection/],
];

/** Rule 11, and what is not known yet. */
export function checking({ door, cases, tables }: Suite): void {
  const isSaid = ({ type }: ResourceCase, inputs: Properties) => door.canWrite?.(type, inputs) ?? true;
  const rows = cases.flatMap((resource) =>
    [...bad, ...(usesConnection(resource) ? badConnection : []), ...resource.bad]
      .filter(([inputs]) => isSaid(resource, inputs))
      .map(([inputs, property, reason]) => ({ resource, inputs, property, reason })),
  );

  describe("refuses at check, and sends nothing", () => {
    tables.each(
      rows,
      ({ resource, inputs }) => `${resource.type} with ${show(inputs)}`,
      ({ resource, inputs, property, reason }) =>
        withHarness(door, resource, async ({ simulator, stack, good }) => {
          const failure = await failureOf(stack.up({ ...good, ...inputs }));
          assert.ok(failure instanceof CheckFailed, failure.stack);
          const [first] = failure.failures;
          assert.equal(first?.property, property);
          assert.match(first?.reason ?? "", reason);
          assert.equal(simulator.requests.length, 0);
        }),
    );
  });

  describe("leaves alone what is not known yet", () => {
    tables.each(
      cases.flatMap((resource) =>
        Object.keys(inputsOf(resource)).map((name) => ({ resource, name, value: unknown as unknown })),
      ),
      ({ resource, name }) => `${resource.type} with an unknown ${name}`,
      ({ resource, name, value }) =>
        withHarness(door, resource, async ({ simulator, session, stack, good }) => {
          assert.equal(await stack.preview({ ...good, [name]: value }), "create");
          // What triggers hold decides only whether a job runs again: a preview may look, as for a job that does.
          const asked = name === "triggers" ? simulator.counts().mutating : simulator.requests.length;
          assert.equal(asked, 0, "check sends nothing");
          const { inputs } = await session.check(undefined, good, false);
          const seen = simulator.requests.length;
          const changed = (await session.diff("id", inputs, { ...inputs, [name]: value })).changes;
          assert.deepEqual(
            [changed, (await session.diff("id", inputs, inputs)).changes],
            [true, false],
            "an unknown is a change, and the only one",
          );
          assert.equal(simulator.requests.length, seen, "diff sends nothing");
        }),
    );

    tables.each(
      cases.filter((resource) => usesConnection(resource) && isSaid(resource, { connection: {} })),
      ({ type }) => `${type} with a password that is unknown`,
      (resource) =>
        withHarness(door, resource, async ({ simulator, stack, good }) => {
          const connection = { endpoint: "https://h", username: "u", password: unknown };
          assert.equal(await stack.preview({ ...good, connection }), "create");
          assert.equal(simulator.requests.length, 0);
        }),
    );
  });
}

function usesConnection(resource: ResourceCase): boolean {
  return "connection" in inputsOf(resource) && !resource.ignoresConnection;
}

/** The inputs of a type, by name: from the schema that check goes by. */
function inputsOf({ type }: ResourceCase): Properties {
  const [, name] = type.split(":");
  return Object.fromEntries(propertiesOf(`${name}Inputs`).map((property) => [property, true]));
}

function show(inputs: Properties): string {
  return JSON.stringify(inputs, (_key, value) => (value === undefined ? "(left out)" : value));
}
