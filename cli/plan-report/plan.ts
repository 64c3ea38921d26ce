import type { FactsLine } from "../../provider/core/data/approval.ts";

/** What a preview or a plan says, whichever tool made it. */
export interface Plan {
  tool: "pulumi" | "terraform";
  /** The project and stack, where that is told. */
  program?: string;
  resources: Planned[];
  /** What is said of no resource. */
  warnings: string[];
  errors: string[];
  /** Why it holds nothing of what the provider says, if it does not. */
  mute?: string;
}

/** What is planned for one resource. */
export interface Planned {
  /** The URN, or the address. */
  key: string;
  /** `tcf:ActiveCluster` of this package's, else the type as it is. */
  type: string;
  name: string;
  isOurs: boolean;
  /** In the tool's words: `create`, `update`, `delete`, `replace`; `same` is left out. */
  action?: string;
  /** Why the provider could not look ahead, if it could not. */
  open?: string;
  /** What will happen, in the vendor's words. */
  lines: string[];
  warnings: string[];
  errors: string[];
  /** What was looked at; of what takes another's place, that one's deletion too. */
  looked: FactsLine[];
}

/** Whether nothing is known of what will be sent for it. A companion sends nothing. */
export function isUntold({ isOurs, open, type, action, lines, looked, errors }: Planned): boolean {
  const isSaid = [lines, looked, errors].some((all) => all.length > 0);
  return isOurs && open !== undefined && !isSaid && action !== "delete" && !type.endsWith("Intent");
}

/** Collects what a file says of resources. */
export class Collected {
  readonly #resources = new Map<string, Planned>();

  /** The resource of that key: made at first use. */
  of(key: string, describe: () => Pick<Planned, "type" | "name" | "isOurs">): Planned {
    const known = this.#resources.get(key);
    if (known) return known;
    const made: Planned = { key, ...describe(), lines: [], warnings: [], errors: [], looked: [] };
    this.#resources.set(key, made);
    return made;
  }

  /** In the order in which they were first named. */
  get all(): Planned[] {
    return [...this.#resources.values()];
  }
}

/** Once, however often it was said. */
export function add(list: string[], text: string): void {
  if (text !== "" && !list.includes(text)) list.push(text);
}
