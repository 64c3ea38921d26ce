import type { Connection } from "../../provider/index.ts";
import { Session as ProviderSession } from "../../provider/index.ts";
import { contextFor, type TestContext } from "../support/context.ts";
import { lifecycle } from "../support/flat.ts";

export type Properties = Record<string, unknown>;

/** A way to the lifecycle of a resource type: the rules hold behind each. */
export interface Door {
  /** Whether its sessions can `cancel`. */
  canCancel?: boolean;
  /** Whether nobody watches: progress is then shown once in a long while. */
  isUnwatched?: boolean;
  /** Whether the language of its programs can say these inputs. Default: any. */
  canWrite?(type: string, inputs: Properties): boolean;
  /**
   * @param type e.g. `redis:NodeMaintenance`
   * @param connections `clusterops:connections` of the stack's config
   */
  open(type: string, connections: Record<string, Connection>, program?: Program): Promise<Session>;
}

/** Where a session belongs to, where that is not to be a process of its own. */
export interface Program {
  /** The door's process. */
  process?: ProviderSession;
  /** Tells the resource from the others of the program. */
  resource?: string;
  /** Names it to whoever approves a plan. */
  planned?: { program: string; resource: string };
  settings?: Settings;
}

/** The stack's settings beside its connections. */
export interface Settings {
  /** `clusterops:guards` */
  guards?: object;
  /** `clusterops:override` */
  override?: string;
}

/** The operations on one resource, as an engine calls them. Values that are not known yet are `unknown`. */
export interface Session extends AsyncDisposable {
  check(
    recordedInputs: Properties | undefined,
    inputs: Properties,
    preview: boolean,
  ): Promise<{ inputs: Properties; failures: { property: string; reason: string }[] }>;
  diff(
    id: string,
    recorded: Properties,
    inputs: Properties,
  ): Promise<{ changes: boolean; replaces: string[] }>;
  /** @throws Incomplete when it is to be recorded all the same */
  create(inputs: Properties): Promise<{ id: string; outputs: Properties }>;
  /** Undefined when it is gone. */
  read(id: string, recorded: Properties): Promise<{ inputs: Properties; outputs: Properties } | undefined>;
  /** @throws Incomplete as create */
  update(id: string, recorded: Properties, inputs: Properties): Promise<{ outputs: Properties }>;
  delete(id: string, recorded: Properties): Promise<void>;
  /** All messages to the user so far. */
  readonly said: { warnings: string[]; plans: string[]; progress: string[] };
  /** Cancels the running operation, where the door can. */
  cancel?(): void;
}

/** No door at all: what every door calls. */
export const directDoor: Door = {
  canCancel: true,
  async open(
    type,
    connections,
    { process: session = new ProviderSession(), resource, planned, settings } = {},
  ) {
    const { check, diff, create, read, update, delete: remove } = lifecycle(type);
    const said: Session["said"] = { warnings: [], plans: [], progress: [] };
    let current: TestContext | undefined;
    // Engines check first, and then ask for the difference of the same preview or update.
    let isPreview = false;
    const context = (preview = false) => {
      current = { ...contextFor(connections, { preview }, settings), session, resource, planned };
      current.warn = (message) => void said.warnings.push(message);
      current.inform = (message) => void said.plans.push(message);
      current.progress = (message) => void said.progress.push(message);
      return current;
    };
    return {
      said,
      check(recorded, inputs, preview) {
        isPreview = preview;
        return check(context(preview), recorded, inputs);
      },
      async diff(_id, recorded, inputs) {
        const changes = Object.entries(await diff(context(isPreview), recorded, inputs));
        const replaces = changes.filter(([, { replace }]) => replace).map(([property]) => property);
        return { changes: changes.length > 0, replaces };
      },
      create: (inputs) => create(context(), inputs),
      read: (_id, recorded) => read(context(), recorded),
      update: (id, recorded, inputs) => update(context(), id, recorded, inputs),
      delete: (_id, recorded) => remove(context(), recorded),
      cancel: () => current?.cancel(),
      async [Symbol.asyncDispose]() {},
    };
  },
};
