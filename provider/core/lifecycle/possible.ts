import { worded } from "../data/advice.ts";
import { InputError, messageOf, Refusal, RequestError } from "../data/errors.ts";
import type { Context } from "../work/context.ts";
import type { Scope } from "../work/scope.ts";
import { guardingOf } from "./guarding.ts";
import { checkInputs } from "./plan.ts";
import type { Forecast, Properties, Spec } from "./resource.ts";

/** What keeps something from beginning now. */
export interface Blocker {
  /** In a sentence, as a preview says it. */
  reason: string;
  /**
   * What it comes from: an input of the resource (`nodeUid`, `clusters.cluster1`), or the guard that says so
   * (`clusterops:guards.redis.windows`).
   */
  property: string;
}

/** Whether something could begin now. */
export interface Possibility {
  /** Whether nothing is in the way. Also where it is so already: then there is no `plan`. */
  possible: boolean;
  /** All that is in the way; none where it is possible. */
  blockers: Blocker[];
  /** What a preview would warn of. */
  warnings: string[];
  /** What would be sent, in the vendor's words. Absent where nothing would be, or something is in the way. */
  plan?: string;
}

/**
 * Asks a resource's plan whether it could begin now, guards included. Reads only, and nothing is planned.
 *
 * @param forecast of the resource itself: what only a plan remembers is not to be remembered
 * @throws InputError for what is wrong with the arguments, or with configuration
 */
export async function possibilityOf(
  spec: Spec,
  context: Context,
  scope: Scope,
  given: Properties,
  forecast: (inputs: Properties) => Promise<Forecast>,
): Promise<Possibility> {
  const { inputs, failures } = checkInputs(spec, given);
  const [wrong] = failures;
  if (wrong) throw new InputError(wrong.property, `${wrong.property}: ${wrong.reason}`);
  // A connection that there is none of is a mistake in the arguments, and nothing to wait for.
  for (const [property, reference] of spec.connections(inputs)) scope.connect(reference, property);
  const guarding = await guardingOf(spec, context, scope, inputs);
  scope.requests.guard = guarding;
  const {
    plan,
    warnings = [],
    refusals = [],
    // What is in the way today may not be tomorrow: all is named at once.
    isBlocked,
    isGuarded = plan !== undefined || refusals.length > 0 || isBlocked !== undefined,
  } = await forecast(inputs).catch(asBlocked);
  const guarded = isGuarded ? guarding?.foreseeNow() : undefined;
  // An answer is shown by nobody else, who would put it in the words of the door.
  const say = (text: string) => worded(scope.redact(text), context.words);
  const blockers = [
    ...refusals,
    ...(guarded && "refusal" in guarded ? [guarded.refusal] : []),
    ...(isBlocked ? warnings.map((reason) => ({ property: isBlocked, reason })) : []),
  ].map(({ property, reason }) => ({ property, reason: say(reason) }));
  const possible = blockers.length === 0;
  const told = [
    ...(isBlocked ? [] : warnings),
    ...(guarded && "warnings" in guarded ? guarded.warnings : []),
  ];
  return {
    possible,
    blockers,
    warnings: told.map(say),
    ...(possible && plan !== undefined && { plan: say(plan) }),
  };
}

/** What cannot be looked at, or names what the system does not have, cannot begin either. @throws the error, where it is none of it */
function asBlocked(error: unknown): Forecast {
  if (error instanceof Refusal || error instanceof InputError)
    return { refusals: [{ property: error.property, reason: messageOf(error) }] };
  if (error instanceof RequestError)
    return { refusals: [{ property: "connection", reason: messageOf(error) }] };
  throw error;
}
