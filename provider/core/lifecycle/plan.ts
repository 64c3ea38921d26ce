import { isDeepStrictEqual } from "node:util";
import { refuseAddress } from "../connection/resolve.ts";
import { parseDuration } from "../data/duration.ts";
import { describeFailure, InputError, Refusal, TokenError } from "../data/errors.ts";
import { checkShape, type Failure } from "../data/inputs.ts";
import { containsUnknown } from "../data/unknown.ts";
import { withoutAnyUserinfo } from "../data/userinfo.ts";
import { isObject } from "../data/values.ts";
import { isRefused } from "../http/http.ts";
import type { Context } from "../work/context.ts";
import { openScope } from "../work/operation.ts";
import { expectationOf, foreseeApproval } from "./approval.ts";
import { checkGuards, guardingOf } from "./guarding.ts";
import { resolvedIn } from "./resolved.ts";
import type { Properties, Spec } from "./resource.ts";
import { onceForAll } from "./said-once.ts";
import { declare, scopeFor, wish } from "./shape.ts";

/** Previews give up sooner than runs do: they only warn. One endpoint that is silent (15 s) does not use up all of it. */
const planTimeout = "20s";

/**
 * Judges the shape of inputs, formats and inline values, and completes them with their defaults: no network, no configuration.
 */
export function checkInputs(spec: Spec, given: Properties): { inputs: Properties; failures: Failure[] } {
  const { value: inputs, failures } = checkShape<Properties>(`${spec.type}Inputs`, withoutDoorsKeys(given));
  failures.push(...collect(() => checkTimeout(inputs)));
  if (failures.length === 0 && isKnown(inputs)) failures.push(...collect(() => spec.validate(inputs)));
  // Inline settings are judged as they stand; names mean what configuration says (planInputs).
  if (failures.length === 0 && isKnown(inputs)) failures.push(...checkConnections(spec, inputs, undefined));
  return { inputs, failures: failures.map(withoutCredentials) };
}

/**
 * Looks ahead (provider/README.md, rule 9): what cannot work is a failure, what is surprising a warning, an unreachable endpoint a
 * warning too. Reads only, and reads nothing when nothing has changed: a second `up` is no occasion for warnings.
 *
 * @param before what a companion has recorded ahead of a run
 */
export async function planInputs(
  spec: Spec,
  context: Context,
  recorded: Properties | undefined,
  inputs: Properties,
  before?: unknown,
): Promise<Failure[]> {
  if (!isKnown(inputs)) return [];
  const failures = [
    ...checkExpectation(context),
    ...checkConnections(spec, inputs, context),
    ...(await wrongIn(() => checkGuards(context))),
  ];
  if (failures.length > 0) return failures;
  const isNew = !isDeepStrictEqual(recorded, inputs);
  const opposed = declareInputs(spec, context, inputs, isNew);
  if (opposed.length > 0 || !isNew) return opposed;
  return forecast(spec, context, inputs, { recorded, before });
}

/** What is declared is known before anything is carried out: a delete of another resource has to reckon with it. */
function declareInputs(spec: Spec, context: Context, inputs: Properties, isNew: boolean): Failure[] {
  if (context.resource === undefined || !context.session) return [];
  const scope = scopeFor(spec, context, inputs);
  declare(spec, context, scope, inputs);
  const opposed = wish(spec, context, scope, inputs, isNew);
  scope.end();
  return opposed;
}

/** What triggers hold decides only whether a job runs again, never what it does: they may be unknown. */
function isKnown(inputs: Properties): boolean {
  return !containsUnknown({ ...inputs, triggers: undefined });
}

/** Doors may hand in keys of their own, with two underscores; they are not inputs. */
function withoutDoorsKeys(given: Properties): Properties {
  return Object.fromEntries(Object.entries(given).filter(([key]) => !key.startsWith("__")));
}

function checkTimeout({ timeout }: Properties): Failure[] {
  if (typeof timeout === "string" || typeof timeout === "number") parseDuration(timeout, "timeout");
  return [];
}

/** A fingerprint that is none, or another stack's, is refused also where nothing is to be done. */
function checkExpectation(context: Context): Failure[] {
  return collect(() => {
    expectationOf(context);
    return [];
  });
}

/** Inline settings only, where there is no context. */
function checkConnections(spec: Spec, inputs: Properties, context: Context | undefined): Failure[] {
  return spec.connections(inputs).flatMap(([property, reference]) => {
    return collect(() => {
      if (!context && !isObject(reference)) {
        // What a name means, configuration says; a URL is none, whatever it says.
        if (typeof reference === "string") refuseAddress(reference, property);
        return [];
      }
      resolvedIn(context, spec.system, reference, property);
      return [];
    });
  });
}

/** A URL with a password may stand anywhere by mistake, also as a name: of a cluster, of an input. */
function withoutCredentials({ property, reason }: Failure): Failure {
  return { property: withoutAnyUserinfo(property), reason: withoutAnyUserinfo(reason) };
}

function collect(work: () => Failure[]): Failure[] {
  try {
    return work();
  } catch (error) {
    return [failureIn(error)];
  }
}

async function wrongIn(work: () => Promise<void>): Promise<Failure[]> {
  try {
    await work();
    return [];
  } catch (error) {
    return [failureIn(error)];
  }
}

/** @throws the error itself where it is of no input */
function failureIn(error: unknown): Failure {
  if (!(error instanceof InputError)) throw error;
  return withoutCredentials({ property: error.property, reason: error.message });
}

/** Says what an operation would do, whether or not the inputs have changed. */
export async function forecast(
  spec: Spec,
  context: Context,
  inputs: Properties,
  { recorded, before }: { recorded: Properties | undefined; before: unknown },
): Promise<Failure[]> {
  const connection = inputs.connection as string | undefined;
  const scope = openScope(context, spec.system, { connection, timeout: planTimeout, isAhead: true });
  // Of what a preview says an `up` repeats what is risky and what stops it: it cannot know whether somebody has seen a preview.
  const isUpdate = context.preview === false;
  try {
    const guarding = await guardingOf(spec, context, scope, inputs);
    scope.requests.guard = guarding;
    const ahead = await spec.plan(scope, inputs, recorded, {
      isUpdate,
      // What a run that is forced finds recorded ahead does not count, and what is not known yet tells nothing.
      before: context.forced || containsUnknown(before) ? undefined : before,
    });
    const { plan, warnings = [], isGuarded = plan !== undefined } = ahead;
    const guarded = isGuarded ? guarding?.foreseeNow() : undefined;
    const asked = { inputs, recorded, isUpdate };
    const looked = await foreseeApproval(spec, context, scope, asked, ahead);
    const { line } = looked;
    const forbidden = guarded && "refusal" in guarded ? guarded.refusal : undefined;
    // What is approved now is carried out later: the operation asks the guards again.
    const refusals = forbidden && line === undefined ? [...looked.refusals, forbidden] : looked.refusals;
    for (const warning of warnings) scope.warn(warning);
    if (forbidden && line !== undefined) scope.warn(`now it would be refused: ${forbidden.reason}`);
    // An operation says it right before it sends something.
    if (guarded && "warnings" in guarded && !isUpdate)
      for (const warning of guarded.warnings) scope.warn(warning);
    if (plan && refusals.length === 0 && !isUpdate) context.inform(scope.redact(plan));
    if (line !== undefined) context.inform(line);
    return refusals.map(({ property, reason }) => ({ property, reason: scope.redact(reason) }));
  } catch (error) {
    if (error instanceof InputError || error instanceof Refusal) {
      return [{ property: error.property, reason: scope.redact(error.message) }];
    }
    const reason = describeFailure(error, scope, spec.subject(inputs)).message;
    const answer = error instanceof TokenError ? error.cause : error;
    if (isRefused(answer)) return [{ property: "connection", reason }];
    const warning = `what would happen could not be looked up: ${reason}`;
    const by = context.resource ?? spec.subject(inputs);
    const said = isUpdate ? undefined : onceForAll(context.session, { warning, error, by });
    if (said !== undefined) context.warn(said);
    return [];
  } finally {
    scope.end();
  }
}
