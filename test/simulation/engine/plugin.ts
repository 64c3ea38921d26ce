import { NotReady } from "../../../doors/native/answer.ts";
import { decode, encode } from "../../../doors/native/codec.ts";
import { Configuration } from "../../../doors/native/configuration.ts";
import { Operations, type Surroundings } from "../../../doors/native/operations.ts";
import type { Properties } from "../history.ts";
import type { Provider } from "./host.ts";

/** The native plugin's operations, by the calls that the engine makes of a dynamic host as well. */
export function openPlugin(
  connections: string,
  surroundings: Omit<Surroundings, "settings">,
): (urn: string) => Provider {
  const settings = new Configuration({
    PULUMI_CONFIG: JSON.stringify({ "clusterops:connections": connections }),
  });
  const operations = new Operations({ ...surroundings, settings });
  const how = (preview: boolean) => ({ preview, timeout: 0 });

  return (urn) => ({
    async check(_olds, news) {
      const { properties, failures } = await operations.check(urn, sent(news));
      return { inputs: sent(properties), failures };
    },

    async diff(_id, olds, news) {
      const changes = Object.entries(await operations.diff(urn, sent(olds), sent(news)));
      return {
        changes: changes.length > 0,
        replaces: changes.filter(([, { replace }]) => replace).map(([name]) => name),
      };
    },

    async preview(before, news) {
      await (before
        ? operations.update(urn, before.id, oldOf(before), sent(news), how(true))
        : operations.create(urn, sent(news), how(true)));
    },

    create: (news) =>
      recording(async () => {
        const { id, properties } = await operations.create(urn, sent(news), how(false));
        return { id, outs: sent(properties) };
      }),

    update: (id, olds, news, oldInputs) =>
      recording(async () => {
        const old = oldOf({ outputs: olds, inputs: oldInputs });
        const { properties } = await operations.update(urn, id, old, sent(news), how(false));
        return { outs: sent(properties) };
      }),

    async read(id, props) {
      const found = await operations.read(urn, id, sent(props));
      return found
        ? { id, props: sent(found.properties), inputs: sent(found.inputs.properties) }
        : { id: undefined, props: undefined, inputs: undefined };
    },

    async delete(_id, props) {
      await operations.delete(urn, sent(props), 0);
    },
  });
}

/** As it comes out of gRPC at the other end. */
function sent(properties: Properties): Properties {
  return decode(encode(properties)).value;
}

function oldOf({ outputs, inputs }: { outputs: Properties; inputs: Properties }) {
  return { olds: sent(outputs), oldInputs: sent(inputs) };
}

async function recording<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof NotReady)) throw error;
    const { message, result, answer } = error;
    throw Object.assign(new Error(message), { id: result.id, properties: sent(answer.properties) });
  }
}
