import type { Activity } from "../data/activity.ts";
import { InputError, messageOf } from "../data/errors.ts";
import { oneLine } from "../data/one-line.ts";
import { withoutUserinfo } from "../data/userinfo.ts";
import type { Observer, OperationFacts } from "../observe/observer.ts";
import { observerOf } from "../observe/observing.ts";
import type { Context } from "../work/context.ts";
import { attributesOf } from "./attributes.ts";
import type { Lifecycle } from "./lifecycle.ts";
import type { Properties, Spec } from "./resource.ts";
import type { Result } from "./settle.ts";

/** What came of an operation that has ended without an error. */
interface Ending {
  outcome?: string;
  reasons?: readonly string[];
  /** What is known by now. */
  properties?: Properties;
}

/** The lifecycle, whose operations are told to whoever the settings name (docs/traces-and-events.md): to nobody, usually. */
export function observedLifecycle(spec: Spec, lifecycle: Lifecycle): Lifecycle {
  const { plan, create, read, update, delete: remove, undoes } = lifecycle;
  const settled = ({ outcome, reasons, outputs }: Result) => ({ outcome, reasons, properties: outputs });
  const told = <T>(
    [operation, isWork]: [operation: string, isWork: boolean],
    context: Context,
    properties: Properties,
    work: (context: Context) => Promise<T>,
    endingOf?: (result: T) => Ending,
  ) => {
    const type = `${spec.system.name}:${spec.type}`;
    // A record ahead of a run is no work, and what is looked for in a preview neither.
    const facts = () => ({
      operation,
      type,
      subject: spec.subject(properties),
      isWork: isWork && !spec.type.endsWith("Intent") && context.preview !== true,
    });
    const known = (ending: Ending) => attributesOf(spec, ending.properties ?? properties);
    return observed(context, facts, work, { endingOf, known });
  };
  return {
    ...lifecycle,
    plan: (context, recordedInputs, inputs) =>
      told(["plan", false], context, inputs, (shown) => plan(shown, recordedInputs, inputs)).catch(
        (error: unknown) => {
          if (!(error instanceof InputError)) throw error;
          return [{ property: error.property, reason: error.message }];
        },
      ),
    create: (context, inputs) =>
      told(["create", true], context, inputs, (shown) => create(shown, inputs), settled),
    read: (context, recorded) =>
      told(["read", false], context, recorded.outputs, (shown) => read(shown, recorded)),
    update: (context, id, recorded, inputs) =>
      told(["update", true], context, inputs, (shown) => update(shown, id, recorded, inputs), settled),
    delete: (context, recorded) =>
      told(["delete", undoes(recorded) !== undefined], context, recorded.outputs, (shown) =>
        remove(shown, recorded),
      ),
  };
}

/**
 * Runs `work`, and tells of it whoever the settings name.
 *
 * @param facts are asked for only where somebody is told
 */
export async function observed<T>(
  context: Context,
  facts: () => Omit<OperationFacts, "resource" | "blank">,
  work: (context: Context) => Promise<T>,
  {
    endingOf = () => ({}),
    known,
  }: { endingOf?: (result: T) => Ending; known(ending: Ending): Record<string, string | number | boolean> },
): Promise<T> {
  const opening = observerFor(context, facts);
  if (!opening) return work(context);
  const observer = await opening;
  const activity = observer.begin({ ...facts(), resource: context.resource, blank: blankingOf(context) });
  let ending: Ending = {};
  try {
    const result = await work(tellingOf(context, activity));
    ending = endingOf(result);
    return result;
  } catch (error) {
    ending = { reasons: [messageOf(error)] };
    throw error;
  } finally {
    const { outcome, reasons = [] } = ending;
    activity.note({ ...known(ending), ...(outcome !== undefined && { "clusterops.outcome": outcome }) });
    activity.end(reasons.length > 0 ? reasons.join("; ") : undefined);
    await observer.flush((message) => context.warn(message));
  }
}

/** A look, or a delete that gives a way out, does not fail for a setting that has nothing to do with it: it says so. */
function observerFor(
  context: Context,
  facts: () => Pick<OperationFacts, "operation">,
): Promise<Observer> | undefined {
  try {
    return observerOf(context);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const { operation } = facts();
    if (operation === "plan") throw error;
    const message = `${error.property}: ${error.message}`;
    if (operation === "create" || operation === "update") throw new InputError(error.property, message);
    context.warn(`${message}; nobody is told of what is done`);
    return undefined;
  }
}

/** What was written by a server, or holds a credential of any connection used so far, does not leave as it is. */
function blankingOf({ session }: Context): (text: string) => string {
  const blank = (text: string) => session?.redact(text) ?? text;
  return (text) => withoutUserinfo(blank(oneLine(blank(text))));
}

/** The context, whose getters stay what they are. */
function tellingOf(context: Context, activity: Activity): Context {
  return Object.defineProperties({} as Context, {
    ...Object.getOwnPropertyDescriptors(context),
    activity: { value: activity, enumerable: true },
  });
}
