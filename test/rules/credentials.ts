import assert from "node:assert/strict";
import { inspect } from "node:util";
import { Incomplete } from "../support/flat.ts";
import type { Door } from "./door.ts";
import { type Harness, type ResourceCase, type Suite, withHarness } from "./resource-case.ts";

const username = "planted-user";
const secrets = {
  password: "planted-pass/w+rd é",
  token: "planted-token-71",
  header: "planted-header-72",
};

/** The same secrets as they travel: in a URL, in a Basic header. */
const forms = [
  secrets.password,
  secrets.header,
  encodeURIComponent(secrets.password),
  Buffer.from(`${username}:${secrets.password}`).toString("base64"),
];

interface Condition {
  what: string;
  /** What happens before the `up`. */
  arrange?(harness: Harness, resource: ResourceCase): void;
  wrongPassword?: boolean;
  nobodyAnswers?: boolean;
}

const conditions: Condition[] = [
  { what: "all goes well" },
  { what: "the password is wrong", wrongPassword: true },
  {
    what: "the server repeats them in an error",
    arrange({ simulator }) {
      const body = JSON.stringify({ error: forms.join(" "), message: forms.join(" ") });
      const json = { "content-type": "application/json" };
      simulator.fault({ kind: "status", status: 400, headers: json, body, times: Number.POSITIVE_INFINITY });
    },
  },
  {
    what: "the server repeats them in a page",
    arrange({ simulator }, { request }) {
      const body = `<html>${forms.join(" ")}</html>`;
      simulator.fault({ kind: "status", status: 502, contentType: "text/html", body, match: request });
    },
  },
  { what: "nobody answers", nobodyAnswers: true },
  { what: "time runs out", arrange: ({ rig }, resource) => void resource.hold?.(rig) },
];

/** Rule 8: credentials are nowhere but in stack config and secret inputs. */
export function credentials({ door, cases, tables }: Suite): void {
  const rows = cases.flatMap((resource) =>
    stylesOf(door, resource).flatMap((style) =>
      conditions.map((condition) => ({ resource, style, ...condition })),
    ),
  );

  describe("keeps credentials out of outputs, ids, errors and messages", () => {
    tables.each(
      rows,
      ({ resource, style, what }) => `${resource.type}, ${style} connection: ${what}`,
      ({ resource, style, arrange, wrongPassword, nobodyAnswers }) =>
        withHarness(
          door,
          resource,
          async (harness) => {
            const { session, stack, inline, good } = harness;
            arrange?.(harness, resource);
            const inputs = { ...(style === "named" ? good : inline), timeout: "1200ms" };
            const failure = await stack.up(inputs).then(
              () => undefined,
              (error: Error) => error,
            );
            const leaks = (where: string, value: unknown) => nothingOf(where, value);
            leaks("the messages", session.said);
            if (failure) leaks("the error", textOf(failure));
            if (stack.state) {
              const { id, outputs } = stack.state;
              leaks("the id", id);
              // An input goes back under its own name, where the engine keeps it encrypted.
              const others = Object.entries(outputs).filter(([name]) => !(name in inputs));
              leaks("the outputs", Object.fromEntries(others));
            }
          },
          {
            auth: { users: [{ username, password: wrongPassword ? "another" : secrets.password }] },
            settings: {
              username,
              password: secrets.password,
              headers: { "x-planted": secrets.header },
            },
            nobodyAnswers,
          },
        ),
    );
  });

  describe("keeps a token out of outputs, ids, errors and messages", () => tokens({ door, cases, tables }));
}

/** How connections are written: not every language can have their settings in place of a name. */
function stylesOf({ canWrite }: Door, { type }: ResourceCase): ("named" | "inline")[] {
  return (canWrite?.(type, { connection: {} }) ?? true) ? ["named", "inline"] : ["named"];
}

function tokens({ door, cases, tables }: Suite): void {
  tables.each(
    cases.flatMap((resource) => [true, false].map((valid) => ({ resource, valid }))),
    ({ resource, valid }) => `${resource.type}: a token that is ${valid ? "valid" : "not"}`,
    ({ resource, valid }) =>
      withHarness(
        door,
        resource,
        async ({ session, stack, good }) => {
          const failure = await stack.up({ ...good, timeout: "15s" }).catch((error: Error) => error);
          assert.equal(failure instanceof Error, !valid, String(failure));
          nothingOf("all of it", [
            session.said,
            stack.state,
            failure instanceof Error ? textOf(failure) : "",
          ]);
        },
        {
          auth: { tokens: [{ token: valid ? secrets.token : "another" }] },
          settings: { token: secrets.token },
        },
      ),
  );
}

/** All that an error shows, wherever it is printed: its causes, and what is recorded with it. */
function textOf(error: Error): string {
  const { inputs: _, ...recorded } = error instanceof Incomplete ? withoutInputs(error) : {};
  return [
    error.message,
    error.stack,
    inspect(error.cause, { depth: 9 }),
    inspect(recorded, { depth: 9 }),
  ].join("\n");
}

function withoutInputs({ id, outputs, reasons }: Incomplete) {
  const { connection, director, nodes, clusters, ...others } = outputs;
  return { id, others, reasons, inputs: { connection, director, nodes, clusters } };
}

function nothingOf(where: string, value: unknown): void {
  const text = typeof value === "string" ? value : inspect(value, { depth: 20, maxStringLength: 100_000 });
  const found = [...forms, secrets.token].filter(
    (form) => text.includes(form) || text.includes(JSON.stringify(form).slice(1, -1)),
  );
  const shown = text.slice(Math.max(0, text.indexOf(found[0] ?? "") - 300)).slice(0, 400);
  assert.deepEqual(found, [], `${where} holds a credential: ...${shown}...`);
}
