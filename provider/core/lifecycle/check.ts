import { isDeepStrictEqual } from "node:util";
import { resolveConnection } from "../connection/resolve.ts";
import { parseDuration } from "../data/duration.ts";
import { explained, InputError, Refusal, TokenError } from "../data/errors.ts";
import { checkShape, type Failure } from "../data/inputs.ts";
import { containsUnknown } from "../data/unknown.ts";
import { isRefused } from "../http/http.ts";
import { type Context, openScope } from "../work/scope.ts";
import type { Properties, Spec } from "./resource.ts";

/** Previews give up on an unreachable endpoint sooner than runs do: they only warn. */
const preflightTimeout = "15s";

/**
 * Completes inputs with their defaults and says what is wrong with them, or what the system's present state forbids. Reads
 * only, and reads nothing when nothing has changed: a second `up` is no occasion for warnings.
 */
export async function checkInputs(
  spec: Spec,
  context: Context,
  recorded: Properties | undefined,
  given: Properties,
): Promise<{ inputs: Properties; failures: Failure[] }> {
  const { value: inputs, failures } = checkShape<Properties>(`${spec.type}Inputs`, withoutDoorsKeys(given));
  failures.push(...collect(() => checkTimeout(inputs)));
  // What triggers hold decides only whether a job runs again, never what it does: they may be unknown.
  if (failures.length === 0 && !containsUnknown({ ...inputs, triggers: undefined })) {
    failures.push(...collect(() => checkMeaning(spec, context, inputs)));
    const isNews = !isDeepStrictEqual(recorded, inputs);
    if (failures.length === 0 && isNews) failures.push(...(await forecast(spec, context, inputs, recorded)));
  }
  return { inputs, failures };
}

/** Doors may hand in keys of their own, with two underscores; they are not inputs. */
function withoutDoorsKeys(given: Properties): Properties {
  return Object.fromEntries(Object.entries(given).filter(([key]) => !key.startsWith("__")));
}

function checkTimeout({ timeout }: Properties): Failure[] {
  if (typeof timeout === "string" || typeof timeout === "number") parseDuration(timeout, "timeout");
  return [];
}

/** What a schema cannot say: connections, and what the spec itself minds. */
function checkMeaning(spec: Spec, context: Context, inputs: Properties): Failure[] {
  const failures = spec.validate(inputs);
  if (failures.length > 0) return failures;
  for (const [property, reference] of spec.connections(inputs)) {
    resolveConnection(spec.system, reference, context.config, property);
  }
  return [];
}

function collect(work: () => Failure[]): Failure[] {
  try {
    return work();
  } catch (error) {
    if (error instanceof InputError) return [{ property: error.property, reason: error.message }];
    throw error;
  }
}

/** Looks ahead (provider/README.md, rule 9): what cannot work is a failure, what is surprising a warning, an unreachable endpoint a warning too. */
async function forecast(
  spec: Spec,
  context: Context,
  inputs: Properties,
  recorded: Properties | undefined,
): Promise<Failure[]> {
  const connection = inputs.connection as string | undefined;
  const scope = openScope(context, spec.system, { connection, timeout: preflightTimeout });
  // An `up` has said all this in its preview: only what stops it is said again.
  const isTold = context.preview === false;
  try {
    const { plan, warnings = [], refusals = [] } = await spec.preflight(scope, inputs, recorded);
    if (isTold) return refusals;
    for (const warning of warnings) scope.warn(warning);
    if (plan && refusals.length === 0) context.inform(scope.redact(plan));
    return refusals.map(({ property, reason }) => ({ property, reason: scope.redact(reason) }));
  } catch (error) {
    if (error instanceof InputError || error instanceof Refusal) {
      return [{ property: error.property, reason: error.message }];
    }
    const reason = explained(error, scope, spec.subject(inputs)).message;
    const answer = error instanceof TokenError ? error.cause : error;
    if (isRefused(answer)) return [{ property: "connection", reason }];
    if (!isTold) context.warn(`what would happen could not be looked up: ${reason}`);
    return [];
  }
}
