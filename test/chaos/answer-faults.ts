import type { Fault as AnswerFault, FaultMatch } from "../../simulators/index.ts";
import { canary, type Fault, injectionOf } from "./fault.ts";

/** Retry-After as a date, computed when it is sent. */
const inASecond = () => new Date(Date.now() + 1_000).toUTCString();

const statuses = [408, 425, 429, 500, 502, 503, 504];

/** Everything that can come in place of a good answer. */
const kinds: Record<string, () => AnswerFault> = {
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
    statuses.flatMap((status): [string, () => AnswerFault][] => [
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
    body: JSON.stringify({ error: `bad ${canary}` }),
  }),
  "400": () => ({ kind: "status", status: 400 }),
  "401": () => ({ kind: "status", status: 401 }),
  "403": () => ({ kind: "status", status: 403 }),
  "404": () => ({ kind: "status", status: 404 }),
  "409": () => ({ kind: "status", status: 409 }),
};

/** The read is handled as usual, and the fault replaces its answer. */
const reads = { when: "after", match: { method: "GET" } as FaultMatch } as const;

/** Answers that mean for certain that nothing was done: after the request was carried out they would be untrue. */
const refusals = ["400", "401", "403", "404", "redirect to a foreign host"];

/** Answers that read as success although nothing was done: where the system leaves no mark, nobody can tell. */
const falseSuccesses = ["slow body", "empty body", "wrong type"];

/** Whether no client could tell this fault from success. */
export function isUndetectable({ name, when }: Fault, leavesMark: boolean): boolean {
  return !leavesMark && falseSuccesses.includes(name) && when.startsWith("before");
}

/** Every kind at every moment. */
export const answerFaults: Fault[] = Object.entries(kinds).flatMap(([name, kind]): Fault[] => {
  const at = (when: string, arm: (request: FaultMatch) => AnswerFault, requests = 0) =>
    answerFault(name, when, requests, arm);
  const all = [
    at("before the request is handled", (match) => ({ ...kind(), when: "before", match }), 1),
    at("after it, in place of the answer", (match) => ({ ...kind(), when: "after", match }), 1),
    at("at the first read", () => ({ ...kind(), ...reads })),
    at("while polling", () => ({ ...kind(), ...reads, skip: 4, times: 2 })),
    at("in verification", () => ({ ...kind(), ...reads, skip: 8 })),
    at("on every read", () => ({ ...kind(), ...reads, times: Number.POSITIVE_INFINITY })),
  ];
  return all.filter(({ when }) => !(refusals.includes(name) && when.startsWith("after")));
});

function answerFault(
  name: string,
  when: string,
  requests: number,
  arm: (request: FaultMatch) => AnswerFault,
): Fault {
  return {
    name,
    when,
    requests,
    // Where the system leaves no mark, nothing is ever read.
    fits: ({ leavesMark }) => leavesMark || requests > 0,
    // `/tcf/status` answers plain text: another word is another state.
    isPlausible: ({ type }) => name === "wrong type" && type.startsWith("tcf:"),
    inject({ simulator, request }) {
      return injectionOf(simulator.fault(arm(request)));
    },
  };
}
