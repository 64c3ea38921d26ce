import type { Fault, FaultMatch } from "../../simulators/index.ts";
import { type Blow, planted } from "./blow.ts";

/** Retry-After as a date: made when it is sent. */
const inASecond = () => new Date(Date.now() + 1_000).toUTCString();

const statuses = [408, 425, 429, 500, 502, 503, 504];

/** Everything that can come instead of a good answer. */
const kinds: Record<string, () => Fault> = {
  "connection reset": () => ({ kind: "reset" }),
  hang: () => ({ kind: "hang" }),
  "slow body": () => ({ kind: "slowBody", ms: 150 }),
  "truncated body": () => ({ kind: "truncatedBody" }),
  "HTML page": () => ({ kind: "html" }),
  "HTML page with 502": () => ({ kind: "html", status: 502 }),
  "wrong type": () => ({ kind: "wrongType" }),
  "empty body": () => ({ kind: "emptyBody" }),
  "50 MB body": () => ({ kind: "hugeBody", bytes: 50_000_000 }),
  "redirect to a foreign host": () => ({ kind: "redirect", location: "http://foreign.invalid/" }),
  ...Object.fromEntries(
    statuses.flatMap((status): [string, () => Fault][] => [
      [`${status}`, () => ({ kind: "status", status })],
      [`${status}, Retry-After 0`, () => ({ kind: "status", status, headers: { "Retry-After": "0" } })],
      [
        `${status}, Retry-After as a date`,
        () => ({ kind: "status", status, headers: { "Retry-After": inASecond() } }),
      ],
    ]),
  ),
  "echo of the credentials in a 500": () => ({
    kind: "status",
    status: 500,
    body: JSON.stringify({ error: `bad ${planted}` }),
  }),
  "400": () => ({ kind: "status", status: 400 }),
  "401": () => ({ kind: "status", status: 401 }),
  "403": () => ({ kind: "status", status: 403 }),
  "404": () => ({ kind: "status", status: 404 }),
  "409": () => ({ kind: "status", status: 409 }),
};

/** A read is answered as it would be, and that answer is spoiled. */
const reads = { when: "after", match: { method: "GET" } as FaultMatch } as const;

/** Answers by which a server says for certain that it did nothing: after the deed they would be a lie. */
const refusals = ["400", "401", "403", "404", "redirect to a foreign host"];

/** Good answers to a request that was not carried out: where the system shows no mark, nobody can see through these. */
const lies = ["slow body", "empty body", "wrong type"];

/** Whether nothing on earth could tell this blow from success. */
export function isUndetectable({ name, when }: Blow, leavesMark: boolean): boolean {
  return !leavesMark && lies.includes(name) && when.startsWith("before");
}

/** Every kind at every moment. */
export const faults: Blow[] = Object.entries(kinds).flatMap(([name, kind]): Blow[] => {
  const at = (when: string, arm: (request: FaultMatch) => Fault, requests = 0) =>
    blow(name, when, requests, arm);
  const all = [
    at("before the request is handled", (match) => ({ ...kind(), when: "before", match }), 1),
    at("after it, in place of the answer", (match) => ({ ...kind(), when: "after", match }), 1),
    at("at the first look", () => ({ ...kind(), ...reads })),
    at("while polling", () => ({ ...kind(), ...reads, skip: 4, times: 2 })),
    at("in verification", () => ({ ...kind(), ...reads, skip: 8 })),
    at("on every read", () => ({ ...kind(), ...reads, times: Number.POSITIVE_INFINITY })),
  ];
  return all.filter(({ when }) => !(refusals.includes(name) && when.startsWith("after")));
});

function blow(name: string, when: string, requests: number, arm: (request: FaultMatch) => Fault): Blow {
  return {
    name,
    when,
    requests,
    // Where the system shows no mark, nothing is ever read.
    fits: ({ leavesMark }) => leavesMark || requests > 0,
    turnsAway: /^42[59]/.test(name),
    // Text is what `/tcf/status` answers: another word is another state.
    deceives: ({ type }) => name === "wrong type" && type.startsWith("tcf:"),
    strike({ simulator, request }) {
      const fault = simulator.fault(arm(request));
      return {
        get struck() {
          return fault.hits > 0;
        },
        end: () => fault.remove(),
      };
    },
  };
}
