import leven from "leven";
import { coercing, definitions, type Problem, plain } from "../../generated/validators.js";
import { anyOf, nearestOf } from "./near.ts";
import { containsUnknown, isUnknown } from "./unknown.ts";
import { mayHoldUserinfo } from "./userinfo.ts";
import { isObject, type Json } from "./values.ts";

/** What is wrong with an input, and where: a property path such as `nodes[1].endpoint`. */
export interface Failure {
  property: string;
  reason: string;
}

/**
 * Checks a value against the interface of that name (scripts/build makes the code that does it from the TypeScript source) and completes
 * it with the defaults. Unknown values (of a preview) pass any test.
 *
 * @param options `coerce`, for stack configuration: `pulumi config set --path` turns `123` and `true` into numbers and booleans, whatever
 *   is meant
 */
export function checkShape<T>(
  name: string,
  value: object,
  { coerce = false }: { coerce?: boolean } = {},
): { value: T; failures: Failure[] } {
  const copy = structuredCloneKeepingUnknowns(value) as Json;
  const validate = (coerce ? coercing : plain)[name];
  if (!validate) throw new Error(`there is no schema of ${name}: npm run build generates it`);
  if (!coerce) numericStringsToNumbers(copy, definitions[name]?.properties);
  validate(copy);
  return {
    value: copy as T,
    failures: [...explain(validate.errors ?? [], copy), ...inexact(copy, definitions[name]?.properties)],
  };
}

/** Whole numbers that JavaScript rounds: what was meant is no longer known, and the rounded one may name another thing. */
function inexact(value: Json, properties: Record<string, Json> = {}): Failure[] {
  return Object.entries(properties).flatMap(([property, { type }]) => {
    const item = value[property];
    const isRounded = type === "integer" && Number.isInteger(item) && !Number.isSafeInteger(item);
    return isRounded ? [{ property, reason: "is beyond 2^53, where numbers are rounded" }] : [];
  });
}

/**
 * Inputs as today's interface completes them, whatever else is wrong with them. A version that brings an input with a default must
 * not make what an earlier one recorded without it differ: a job would run again for it.
 */
export function withDefaults(name: string, inputs: Json): Json {
  return checkShape<Json>(name, inputs).value;
}

/** The default of each property that has one. */
export function defaultsOf(name: string): Json {
  return Object.fromEntries(
    Object.entries(definitions[name]?.properties ?? {}).flatMap(([key, schema]) =>
      schema.default === undefined ? [] : [[key, schema.default]],
    ),
  );
}

/** The names of an interface's properties. */
export function propertiesOf(name: string): string[] {
  return Object.keys(definitions[name]?.properties ?? {});
}

/** `structuredClone` refuses symbols, and the mark of an unknown value is one. */
function structuredCloneKeepingUnknowns(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(structuredCloneKeepingUnknowns);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([, item]) => item !== undefined);
  for (const entry of kept)
    if (typeof entry[1] === "object") entry[1] = structuredCloneKeepingUnknowns(entry[1]);
  return Object.fromEntries(kept);
}

/** Ids often come from outputs of other resources as text: `"2"` stands for 2 where only a number is meant. */
function numericStringsToNumbers(value: Json, properties: Record<string, Json> = {}): void {
  for (const [key, item] of Object.entries(value)) {
    if (typeof item !== "string" || !Object.hasOwn(properties, key)) continue;
    const type = properties[key]?.type;
    if ((type === "number" || type === "integer") && /^-?\d+(\.\d+)?$/.test(item.trim()))
      value[key] = Number(item);
  }
}

function explain(errors: Problem[], root: Json): Failure[] {
  const failures = new Map<string, Failure>();
  const concrete = errors.filter((error) => !concernsUnknown(error, root));
  for (const error of concrete) {
    // The branches of a union fail one by one and once as a whole: the whole is said, unless one branch got further in.
    const beside = concrete.filter((other) => other !== error && other.instancePath === error.instancePath);
    if (!isUnion(error) && !isDetail(error) && beside.some(isUnion)) continue;
    if (isUnion(error) && (beside.some(isDetail) || concrete.some((other) => deeper(other, error)))) continue;
    const failure = describe(error, root);
    const key = `${failure.property}\n${failure.reason}`;
    failures.set(key, failure);
  }
  return [...failures.values()];
}

function isUnion(error: Problem): boolean {
  return error.keyword === "anyOf" || error.keyword === "oneOf";
}

function insideUnion(error: Problem): boolean {
  return !isUnion(error) && !isDetail(error) && /\/(anyOf|oneOf)\/\d+\//.test(error.schemaPath);
}

/** It names a property of the value, and so says more than that the value is wrong. */
function isDetail({ keyword, data }: Problem): boolean {
  return (keyword === "additionalProperties" || keyword === "required") && isObject(data);
}

function deeper(other: Problem, error: Problem): boolean {
  return other.instancePath.startsWith(`${error.instancePath}/`);
}

function concernsUnknown(error: Problem, root: Json): boolean {
  let value: unknown = root;
  for (const step of stepsOf(error.instancePath)) {
    value = (value as Json | undefined)?.[step];
    if (isUnknown(value)) return true;
  }
  return isUnion(error) || insideUnion(error) ? containsUnknown(value) : false;
}

function stepsOf(instancePath: string): string[] {
  return instancePath
    .split("/")
    .slice(1)
    .map((step) => step.replace(/~1/g, "/").replace(/~0/g, "~"));
}

/** `/clusters/east/endpoints/0` as Pulumi writes property paths: `clusters.east.endpoints[0]`. */
function propertyPath(root: Json, instancePath: string, last?: string): string {
  const steps = last === undefined ? stepsOf(instancePath) : [...stepsOf(instancePath), last];
  let path = "";
  let value: unknown = root;
  for (const step of steps) {
    path = Array.isArray(value) ? `${path}[${step}]` : memberPath(path, step);
    value = (value as Json | undefined)?.[step];
  }
  return path;
}

/** The path of what stands under a key. Keys that are no names, the empty one among them, are written as Pulumi does. */
export function memberPath(parent: string, key: string): string {
  if (key === "" || /[.[\]"]/.test(key)) return `${parent}[${JSON.stringify(key)}]`;
  return parent ? `${parent}.${key}` : key;
}

function describe(error: Problem, root: Json): Failure {
  const at = propertyPath(root, error.instancePath);
  const params = error.params as Json;
  const shown = credential.test(at) ? () => "the value" : show;
  switch (error.keyword) {
    case "additionalProperties": {
      const name = String(params.additionalProperty);
      const known = Object.keys((error.parentSchema?.properties as object | undefined) ?? {});
      return {
        property: propertyPath(root, error.instancePath, name),
        reason: `is not an input${suggestion(name, known)}`,
      };
    }
    case "required":
      return {
        property: propertyPath(root, error.instancePath, String(params.missingProperty)),
        reason: "is required",
      };
    case "enum":
    case "const":
      return {
        property: at,
        reason: `${shown(error.data)} is not one of ${valuesOf(error)
          .map((v) => JSON.stringify(v))
          .join(", ")}`,
      };
    case "anyOf":
    case "oneOf":
      return { property: at, reason: `${shown(error.data)} is not ${expected(error)}` };
    case "type":
      return { property: at, reason: `${shown(error.data)} is not ${article(String(params.type))}` };
    case "pattern":
      return { property: at, reason: `${shown(error.data)} does not match ${String(params.pattern)}` };
    default:
      return { property: at, reason: `${shown(error.data)} ${error.message ?? "is not valid"}` };
  }
}

function valuesOf(error: Problem): unknown[] {
  return error.keyword === "const" ? [error.params.allowedValue] : (error.params.allowedValues as unknown[]);
}

function expected(error: Problem): string {
  const branches = (error.schema as Json[]).map((branch) =>
    typeof branch.type === "string"
      ? article(branch.type)
      : typeof branch.$ref === "string"
        ? `a ${branch.$ref.split("/").pop()}`
        : "another shape",
  );
  return [...new Set(branches)].join(" or ");
}

function article(type: string): string {
  const words = type.split(",").map((word) => (/^[aeio]/.test(word) ? `an ${word}` : `a ${word}`));
  return words.join(" or ");
}

/** Fields whose value is never repeated in an error. */
const credential = /(^|\.)(password|token|clientSecret|clientKey|headers|proxy)(\.|$)/;

/** A value in an error: scalars as JSON, short; objects and arrays by kind only, since they may hold a credential. */
function show(value: unknown): string {
  if (Array.isArray(value)) return "an array";
  if (isObject(value)) return "an object";
  if (typeof value === "string" && mayHoldUserinfo(value)) return "the value";
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** "did you mean evictDbs?": the nearest known names, when they are near. */
export function suggestion(name: string, known: string[]): string {
  const near = nearestOf(
    known,
    (candidate) => leven(name.toLowerCase(), candidate.toLowerCase()),
    (distance) => distance <= Math.max(2, Math.floor(name.length / 3)),
  );
  if (near.length > 0) return `: did you mean ${anyOf(near)}?`;
  return known.length > 0 ? `: known are ${known.join(", ")}` : "";
}
