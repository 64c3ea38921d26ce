import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import type { Clock } from "./clock.ts";
import { type Answer, type Exchange, json } from "./exchange.ts";
import type { Fault } from "./faults.ts";

/** Sends the answer as it is. */
export function send(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, headersOf(answer));
  response.end(answer.body);
}

/**
 * Answers with a fault. `answer` is the system's own answer; before the request was handled there is none.
 * @returns the status that went out, or `undefined` when no whole head did.
 */
export async function injectFault(
  fault: Exclude<Fault, { kind: "delay" | "stale" }>,
  response: ServerResponse,
  exchange: Exchange,
  clock: Clock,
  answer: Answer = json(200, {}),
): Promise<number | undefined> {
  switch (fault.kind) {
    case "reset":
      response.socket?.resetAndDestroy();
      return undefined;
    case "hang":
      await once(response, "close", { signal: exchange.signal }).catch(() => {});
      return undefined;
    case "slowBody":
      await trickle(response, answer, fault.ms, exchange.signal, clock);
      return answer.status;
    case "truncatedBody": {
      const whole = answer.body || "{}";
      response.writeHead(answer.status, headersOf({ ...answer, body: whole }));
      response.write(whole.slice(0, whole.length / 2), () => response.socket?.destroy());
      return answer.status;
    }
    case "hugeBody":
      await flood(response, fault.bytes);
      return answer.status;
    default: {
      const faulty = faultyAnswer(fault, exchange, answer);
      send(response, faulty);
      return faulty.status;
    }
  }
}

type AnswerFault = Extract<Fault, { kind: "status" | "html" | "emptyBody" | "wrongType" | "redirect" }>;

function faultyAnswer(fault: AnswerFault, exchange: Exchange, answer: Answer): Answer {
  switch (fault.kind) {
    case "status":
      return {
        status: fault.status,
        contentType: fault.contentType ?? "text/plain",
        body: fault.body ?? `simulated ${fault.status}`,
        ...(fault.headers && { headers: fault.headers }),
      };
    case "html":
      return {
        status: fault.status ?? 200,
        contentType: "text/html",
        body: "<html><body>Service page</body></html>",
      };
    case "emptyBody":
      return { status: answer.status };
    case "wrongType":
      return json(answer.status, fault.value ?? "unexpected");
    case "redirect": {
      const { target, headers } = exchange;
      const location =
        typeof fault.location === "string" ? fault.location : fault.location(target, headers.host ?? "");
      return { status: fault.status ?? 307, headers: { location } };
    }
  }
}

/** The headers of an answer, those that follow from its body among them. */
export function headersOf(answer: Answer): Record<string, string | number> {
  const length = Buffer.byteLength(answer.body ?? "");
  const type = answer.contentType ?? "application/json";
  return { ...(length > 0 && { "content-type": type }), "content-length": length, ...answer.headers };
}

async function trickle(
  response: ServerResponse,
  answer: Answer,
  ms: number,
  signal: AbortSignal,
  clock: Clock,
) {
  const body = answer.body ?? "";
  response.writeHead(answer.status, headersOf(answer));
  response.flushHeaders();
  for (const [index, character] of [...body].entries()) {
    await clock.sleep(index === 0 ? 0 : ms / body.length, signal);
    if (response.destroyed || signal.aborted) return;
    response.write(character);
  }
  response.end();
}

async function flood(response: ServerResponse, bytes: number): Promise<void> {
  response.writeHead(200, { "content-type": "application/json" });
  const chunk = ",0".repeat(32 * 1024);
  // The client may well hang up on it: that is what it is for.
  await pipeline(array, response).catch(() => {});

  function* array() {
    yield "[0";
    for (let sent = 0; sent < bytes; sent += chunk.length) yield chunk;
    yield "]";
  }
}
