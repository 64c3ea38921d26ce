import { mapTexts, type Words } from "../../provider/index.ts";
import { type Attribute, schema } from "./schema.ts";

/** What Terraform shows: at the attribute, where there is one. */
export interface Diagnostic {
  severity: number;
  summary: string;
  detail?: string;
  attribute?: AttributePath;
}

export interface AttributePath {
  steps: { attributeName?: string; elementKeyString?: string; elementKeyInt?: number }[];
}

const [errorSeverity, warningSeverity] = [1, 2];

/** @param failure where there is one, `property` is a path such as `nodes[1]` or `clusters["a.b"]` */
export function errorAt(
  attributes: readonly Attribute[],
  { property, reason }: { property: string; reason: string },
): Diagnostic {
  const path = pathOf(attributes, property);
  const named = property === "" ? reason : `${inTerraform(property)}: ${inTerraform(reason)}`;
  return { severity: errorSeverity, summary: inTerraform(named), ...(path && { attribute: path }) };
}

export function errorOf(message: string, detail?: string): Diagnostic {
  return { severity: errorSeverity, summary: inTerraform(message), detail };
}

/** Warnings of one summary are shown as one, with the text of one of them: all of the text is the summary. */
export function warningOf(message: string, detail?: string): Diagnostic {
  return { severity: warningSeverity, summary: inTerraform(message), detail };
}

export const isError = ({ severity }: Diagnostic): boolean => severity === errorSeverity;

/** How an operation has ended that is not ready. */
export interface Ending {
  /** A delete of it only forgets, and nothing of it is to be remembered. */
  isForgotten: boolean;
  outcome: string;
  reason: string;
  isNew: boolean;
}

/**
 * Terraform taints what was to be made and ended in an error: the next apply would delete it and begin anew. That is right for a run which
 * has ended. What declares a state would be undone first, e.g. by a maintenance_off: it gets a warning.
 */
export function endingOf(
  { isForgotten, outcome, reason, isNew }: Ending,
  { up }: Pick<Words, "up">,
): Diagnostic {
  const hasFailed = outcome === "failed";
  const next = hasFailed
    ? `It ended, and not well. The next ${up} tries again.`
    : `It is recorded, and not finished: the next ${up} resumes it.`;
  if (!isNew || (hasFailed && isForgotten)) return errorOf(reason, next);
  return warningOf(
    `${hasFailed ? "not done" : "not finished"}: ${reason}`,
    `${next} Nothing more is begun until then.`,
  );
}

/** Why nothing more is begun. */
export function notBegun(unfinished: string, { up }: Pick<Words, "up">): Diagnostic {
  const next = `Run ${up} again: it resumes what is not finished, then this follows.`;
  return errorOf(`not begun: ${unfinished} is not finished`, next);
}

/** @param otherwise what is answered beside an error: nothing was done */
export async function answering<T>(
  attributes: readonly Attribute[],
  otherwise: T,
  work: (said: Diagnostic[]) => Promise<NoInfer<T>>,
): Promise<T & { diagnostics: Diagnostic[] }> {
  const said: Diagnostic[] = [];
  try {
    return { ...(await work(said)), diagnostics: said };
  } catch (error) {
    const { property = "", message } = error as Error & { property?: string };
    said.push(errorAt(attributes, { property, reason: message }));
    return { ...otherwise, diagnostics: said };
  }
}

/** Undefined: it is no attribute of the resource. */
function pathOf(attributes: readonly Attribute[], property: string): AttributePath | undefined {
  const [first = "", ...rest] = stepsIn(property);
  const attribute = attributes.find((one) => one.property === first);
  if (!attribute) return undefined;
  return { steps: [{ attributeName: attribute.name }, ...stepsWithin(attribute.nested, rest)] };
}

/** Of a list or a map of objects a step names the element, and the next one its attribute. */
function stepsWithin(
  nested: Attribute["nested"],
  [step, ...rest]: readonly (string | number)[],
): AttributePath["steps"] {
  if (step === undefined) return [];
  const inner =
    nested?.mode === "single" ? nested.attributes.find((one) => one.property === step) : undefined;
  if (inner) return [{ attributeName: inner.name }, ...stepsWithin(inner.nested, rest)];
  const element = typeof step === "number" ? { elementKeyInt: step } : { elementKeyString: step };
  return [element, ...stepsWithin(nested && { ...nested, mode: "single" }, rest)];
}

function stepsIn(property: string): (string | number)[] {
  return [...property.matchAll(/\[("(?:[^"\\]|\\.)*")\]|\[(\d+)\]|([^.[\]]+)/g)].map(
    ([, quoted, index, name]) =>
      quoted !== undefined
        ? String(JSON.parse(quoted))
        : index !== undefined
          ? Number(index)
          : (name as string),
  );
}

/** All that users may write. */
const written = [schema.provider, ...Object.values(schema.resources).map(({ attributes }) => attributes)]
  .flat()
  .flatMap(withNested)
  .filter(({ computed, optional }) => !computed || optional);
/** Inputs and settings whose names Terraform writes in another way. */
const respelled = new Map(
  written.filter(({ name, property }) => name !== property).map(({ name, property }) => [property, name]),
);
const camelCase = new RegExp(`\\b(?:${[...respelled.keys()].join("|")})\\b`, "g");

const namesOf = (attributes: readonly Attribute[]) =>
  [...new Set(attributes.map(({ name }) => name))].join("|");
/** `force: true`, as a cure says it, and `write { endpoint: "..." }`: where a problem begins with its attribute, neither is what follows. */
const assignment = new RegExp(
  `\\b(${namesOf(written.filter(({ type }) => type === "bool"))}): (?=(?:true|false)\\b)|(?<=\\b(?:set|give|write) (?:\\{ )?)(${namesOf(written)}): (?=["\\d])|\\b(parameters): (?=\\{)`,
  "g",
);

function withNested(attribute: Attribute): Attribute[] {
  return [attribute, ...(attribute.nested?.attributes.flatMap(withNested) ?? [])];
}

/** A message of the lifecycle, with inputs as users of Terraform write them. */
export function inTerraform(message: string): string {
  return message
    .replace(camelCase, (name) => respelled.get(name) ?? name)
    .replace(
      assignment,
      (_, flag?: string, name?: string, object?: string) => `${flag ?? name ?? object} = `,
    );
}

/** The answer of a data source that asks whether something is possible: its texts are messages. What others answer is the system's. */
export function answerInTerraform<T extends object>(answer: T): T {
  if (!("possible" in answer)) return answer;
  return mapTexts(answer, inTerraform);
}
