import { engineUnknown } from "../../doors/shared/engine-unknown.ts";
import { nameOf, place, programOf, typeOf } from "../../doors/shared/urn.ts";
import { readFactsLine } from "../../provider/core/data/approval.ts";
import { oneLine } from "../../provider/core/data/one-line.ts";
import { asArray, asObject, asString, type Json } from "../../provider/core/data/values.ts";
import { inOrder, waitsFor } from "./order.ts";
import { add, Collected, type Plan, type Planned } from "./plan.ts";

/*
 * What `pulumi preview --json` writes: one object of steps and diagnostics, or, where the CLI streams (PULUMI_ENABLE_STREAMING_JSON_PREVIEW),
 * one event a line, as in an event log.
 */

/** The object. */
export function planOfPreview(preview: Json): Plan {
  const plan = new Reading({ isStream: false });
  for (const step of asArray(preview.steps).map(asObject)) plan.step(step);
  for (const diagnostic of asArray(preview.diagnostics).map(asObject)) plan.say(diagnostic);
  return plan.result;
}

/** Whether it is an event of the engine. */
export function isEvent(line: Json): boolean {
  return "sequence" in line && "timestamp" in line;
}

/** Whether it is the one with which the engine ends, also where something has failed. */
export function isLastEvent(line: Json): boolean {
  return "summaryEvent" in line;
}

/** Events, one a line. */
export function planOfEvents(events: readonly Json[]): Plan {
  const plan = new Reading({ isStream: true });
  for (const { resourcePreEvent, diagnosticEvent } of events) {
    if (resourcePreEvent) plan.step(asObject(asObject(resourcePreEvent).metadata));
    if (diagnosticEvent) plan.say(asObject(diagnosticEvent));
  }
  return plan.result;
}

/** Whether a step's inputs are not all known. */
function isOpen({ newState, new: state }: Json): boolean {
  return JSON.stringify(asObject(newState ?? state).inputs ?? {}).includes(engineUnknown);
}

/** What the engine puts before the reason for which inputs are refused: the value may be anything. */
const refusedInput = /^\S+ resource '[^']*': (?:property (.+?) value \{.*?\} )?has a problem: /;

class Reading {
  readonly #collected = new Collected();
  readonly #general: Pick<Plan, "warnings" | "errors"> = { warnings: [], errors: [] };
  readonly #programs = new Set<string>();
  readonly #waits = new Map<string, string[]>();
  readonly #isStream: boolean;

  /** @param how `isStream`: events tell no dependencies, and come as the engine comes to the resources */
  constructor({ isStream }: { isStream: boolean }) {
    this.#isStream = isStream;
  }

  /** A replacement is several steps of one resource, of which `replace` says it all. */
  step(step: Json): void {
    const { op, urn } = step;
    const [action, key] = [asString(op) ?? "", asString(urn)];
    if (key !== undefined) this.#programs.add(programOf(key));
    if (key === undefined || /^pulumi:(providers:|pulumi:)/.test(typeOf(key))) return;
    const resource = this.#of(key);
    this.#waits.set(key, [...(this.#waits.get(key) ?? []), ...waitsFor(step)]);
    if (isOpen(step)) resource.open = "an input depends on what is still to be made";
    if (action === "same" || action === "read" || resource.action === "replace") return;
    resource.action = /replace/.test(action) ? "replace" : action;
  }

  say({ urn, message, severity, ephemeral }: Json): void {
    if (ephemeral === true) return;
    const text = oneLine(asString(message) ?? "")
      .trim()
      .replace(/^(warning|error): /, "")
      .replace(refusedInput, (_, property?: string) => (property ? `${property}: ` : ""));
    const key = asString(urn) || undefined;
    if (key !== undefined) this.#programs.add(programOf(key));
    const isStack = key === undefined || typeOf(key) === "pulumi:pulumi:Stack";
    const resource = isStack ? undefined : this.#of(key);
    if (severity === "warning") add((resource ?? this.#general).warnings, text);
    else if (severity === "error") add((resource ?? this.#general).errors, text);
    else if (severity === "info" && resource?.isOurs) note(resource, text, placeOf(resource.key));
  }

  get result(): Plan {
    const { all } = this.#collected;
    const resources = this.#isStream ? all : inOrder(all, this.#waits);
    const [program, ...others] = this.#programs;
    if (others.length > 0)
      throw new Error(`this holds the previews of several stacks: ${[program, ...others].join(", ")}`);
    return { tool: "pulumi", ...(program !== undefined && { program }), resources, ...this.#general };
  }

  #of(key: string): Planned {
    return this.#collected.of(key, () => {
      const own = /^(?:pulumi-nodejs:dynamic\/clusterops\/|clusterops:)(\w+:\w+)$/.exec(typeOf(key))?.[1];
      return { type: own ?? typeOf(key), name: nameOf(key), isOurs: own !== undefined };
    });
  }
}

/**
 * What the provider says: what it has looked at, or what will happen.
 *
 * @param place of the resource, where the tool tells it: what is said of another one counts for none
 */
export function note(resource: Planned, text: string, place?: string): void {
  const facts = readFactsLine(text);
  if (!facts) add(resource.lines, text);
  else if (place === undefined || facts.resource === place) resource.looked.push(facts);
}

/** What tells it from the others of its program: the URN without stack and project. */
export function placeOf(urn: string): string {
  return oneLine(place(urn));
}
