import type { GoldenState, Properties } from "../states.ts";
import type { Installation } from "../worlds/installation.ts";

/** How one state is produced. */
export interface Case<S extends Installation = Installation> {
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
  arrange?(installation: S): unknown;
  /** Timeout of the last `up`, in seconds; default: none. */
  timeoutSeconds?: number;
}

/** Enough for a request and some polls, whatever else the machine does. */
export const shortly = 1.5;
