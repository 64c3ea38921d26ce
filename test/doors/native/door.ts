import { Session } from "../../../provider/index.ts";
import type { Door, Properties } from "../../rules/door.ts";
import { CheckFailed } from "../../rules/stack.ts";
import { Incomplete } from "../../support/flat.ts";
import { CallError } from "./calls.ts";
import { PluginServer } from "./server.ts";

let count = 0;

/** The native plugin's service, called over gRPC as the engine calls it. */
export const nativeDoor: Door = {
  canCancel: true,
  async open(type, connections, { process: session = new Session(), resource, settings } = {}) {
    const plugin = await PluginServer.start(connections, { session, settings });
    // A destroy is an update of its own, for which the engine starts a process.
    const destroying = await PluginServer.start(connections, { session, settings });
    const urn = `urn:pulumi:dev::project::clusterops:${type}::${resource ?? `resource-${++count}`}`;
    return {
      get said() {
        const [one, other] = [plugin.said, destroying.said];
        return {
          warnings: [...one.warnings, ...other.warnings],
          plans: [...one.plans, ...other.plans],
          progress: [...one.progress, ...other.progress],
        };
      },
      async check(recorded, inputs, preview) {
        const { failures, ...checked } = await plugin.check(urn, recorded && outer(recorded), outer(inputs));
        const { value } = checked.inputs;
        const named = failures.map(ofProperty);
        // In a preview the engine goes on to the operation itself, where there is one.
        const refused = preview && failures.length === 0 ? await previewed(recorded, value) : [];
        return { inputs: inner(value), failures: [...named, ...refused] };
      },
      async diff(_id, recorded, inputs) {
        const { changes, replaces } = await plugin.diff(urn, outer(recorded), outer(inputs));
        return { changes, replaces };
      },
      create: (inputs) =>
        incomplete(async () => {
          const { id, value } = await plugin.create(urn, outer(inputs));
          return { id, outputs: inner(value) };
        }),
      async read(id, recorded) {
        const found = await plugin.read(urn, id, outer(recorded));
        return found && { inputs: inner(found.inputs), outputs: inner(found.outputs) };
      },
      update: (id, recorded, inputs) =>
        incomplete(async () => ({
          outputs: inner(
            await plugin.update(urn, id, outer(recorded), outer(inputs)).then(({ value }) => value),
          ),
        })),
      delete: (id, recorded) => destroying.delete(urn, id, outer(recorded)),
      cancel() {
        plugin.cancel();
        destroying.cancel();
      },
      async [Symbol.asyncDispose]() {
        await plugin[Symbol.asyncDispose]();
        await destroying[Symbol.asyncDispose]();
      },
    };

    async function previewed(recorded: Properties | undefined, inputs: Properties) {
      try {
        if (!recorded) await plugin.create(urn, inputs, { preview: true });
        else if ((await plugin.diff(urn, outer(recorded), inputs)).changes)
          await plugin.update(urn, "", outer(recorded), inputs, {
            preview: true,
            oldInputs: outer(recorded),
          });
        return [];
      } catch (error) {
        return [ofProperty({ property: "", reason: (error as Error).message })];
      }
    }
  },
};

/** What the engine sees of a run's record of what was there before it. */
function outer({ __before: before, ...properties }: Properties): Properties {
  return before === undefined ? properties : { ...properties, before };
}

function inner({ before, ...properties }: Properties): Properties {
  return before === undefined ? properties : { ...properties, __before: before };
}

/** Of a property that may hold a credential only the reason tells the name: else the engine would print its value. */
function ofProperty({ property, reason }: { property: string; reason: string }) {
  const [, name = property, text = reason] = (property === "" && /^(\S+): (.*)$/s.exec(reason)) || [];
  return { property: name, reason: text };
}

async function incomplete<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    // What a preview would have refused, its `create` refuses where none came before.
    const refused = ofProperty({ property: "", reason: error.message });
    if (!error.recorded && /^\w+$/.test(refused.property)) throw new CheckFailed([refused]);
    if (!error.recorded) throw error;
    const { id, properties, reasons } = error.recorded;
    throw new Incomplete(id, inner(properties), reasons);
  }
}
