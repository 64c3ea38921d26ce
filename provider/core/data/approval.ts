import { deflateSync, inflateSync } from "node:zlib";
import { asObject, isObject, parsedJson } from "./values.ts";

/*
 * What a preview has looked at, and a person has approved, as text: a line of the preview for each resource, which a report puts together to
 * one token. The token comes back with the update, which compares.
 */

/** What was looked at, by what it is called in a message: `active cluster` is `dc-east`. */
export type Facts = Record<string, string>;

/** What a preview has said of one resource. */
export interface Approval {
  /** Tells the inputs from others. Absent: it is only deleted. */
  inputs?: string;
  facts: Facts;
  /** By the input that names a connection, where it leads, e.g. `redis.example:9443`: a name means what configuration says. */
  at?: Facts;
  /** Its deletion is part of the plan, also where another object takes its place. */
  isDeleted?: true;
}

/** All that a plan holds. */
export interface Approved {
  /** The project and stack, e.g. `orders/production`. Absent: the door is not told, as that of Terraform. */
  program?: string;
  /** By what tells the resources of one program apart. */
  resources: Record<string, Approval>;
}

/** What one line of a preview says. */
export interface FactsLine extends Approval {
  program?: string;
  resource: string;
  /** What will happen, for tools whose providers can say nothing but warnings. */
  plan?: string;
}

const mark = "clusterops facts ";
/** Whoever reads a token of a later version says so. */
const version = "c1.";
/** No token says so much: what is larger is none. */
const longest = 4 * 2 ** 20;

/** A line that a preview shows where it is asked for. */
export function factsLine(line: FactsLine): string {
  return mark + JSON.stringify(line);
}

/** Undefined: it is another line. */
export function readFactsLine(text: string): FactsLine | undefined {
  // Nothing but it: a server's words in the middle of another line are no fact.
  const said = text.trim();
  const line = said.startsWith(mark) ? parsedJson(said.slice(mark.length)) : undefined;
  return isObject(line) && typeof line.resource === "string" && isApproval(line)
    ? (line as unknown as FactsLine)
    : undefined;
}

/** Short enough for a variable of the environment, and nothing in it that a shell would take for its own. */
export function tokenOf({ program, resources }: Approved): string {
  const sorted = Object.entries(resources).sort(([one], [other]) => (one < other ? -1 : 1));
  const text = JSON.stringify({ program, resources: Object.fromEntries(sorted) });
  return version + deflateSync(text, { level: 9 }).toString("base64url");
}

/** Undefined: it is none, or not the whole of one. */
export function readToken(token: string): Approved | undefined {
  const text = token.trim();
  if (!text.startsWith(version)) return undefined;
  try {
    const bytes = Buffer.from(text.slice(version.length), "base64url");
    const found = parsedJson(inflateSync(bytes, { maxOutputLength: longest }).toString());
    const { program, resources } = asObject(found);
    const isWhole = isObject(resources) && Object.values(resources).every(isApproval);
    const isNamed = program === undefined || typeof program === "string";
    return isWhole && isNamed ? (found as Approved) : undefined;
  } catch {
    return undefined;
  }
}

function isApproval(value: unknown): boolean {
  const { facts, inputs, at } = asObject(value);
  const isText = (one: unknown) => typeof one === "string";
  const areTexts = (some: unknown) => isObject(some) && Object.values(some).every(isText);
  return areTexts(facts) && (inputs === undefined || isText(inputs)) && (at === undefined || areTexts(at));
}
