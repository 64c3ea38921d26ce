import type { GoldenState, Properties } from "../states.ts";
import type { Stage } from "../worlds/stage.ts";

/** How one state comes about. */
export interface Case<S extends Stage = Stage> {
  /** E.g. `redis:NodeMaintenance`. */
  type: string;
  name: string;
  /** Default: finished. */
  outcome?: GoldenState["outcome"];
  open(): Promise<S>;
  /** The inputs, with the addresses as they are written down. */
  program: Properties;
  /** What the program had at an earlier `up`, which ended well: the state is then what `update` answers. */
  earlier?: Properties;
  /** What happens before the (last) `up`. */
  arrange?(stage: S): unknown;
  /** After how many seconds the time runs out; default: never. */
  timeoutSeconds?: number;
}

/** Enough for a request and some looks, whatever else the machine does. */
export const shortly = 1.5;
