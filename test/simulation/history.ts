/** One request of the provider, and what became of it: as the network knows it, which is more than anybody else does. */
export interface Exchange {
  id: number;
  /** The engine's call in whose course it was made; undefined: of no single one, such as a token for several. */
  call: EngineCall | undefined;
  process: string;
  stack: string;
  system: string;
  /** Name of the endpoint, e.g. `cluster_1/0`. */
  endpoint: string;
  method: string;
  target: string;
  mutating: boolean;
  token: boolean;
  /** When the client began, and when the first byte left. */
  startedAt: number;
  leftAt?: number;
  /** Each time that the system carried it out. */
  handled: Handling[];
  /** Still on its way: it may yet be carried out. */
  underWay: number;
  /** What the client got, and when. */
  answeredAt?: number;
  outcome?: string;
  /** What a system said when it left, for mutating ones: the truth, not an answer. */
  truth?: unknown;
  /** Faults that it met. */
  faults: string[];
}

export interface Handling {
  at: number;
  status: number;
  effect: boolean;
  /** The truth right before and right after. */
  before: unknown;
  after: unknown;
  body: string;
}

export type Properties = Record<string, unknown>;

/** One call of the engine to a provider host. */
export interface EngineCall {
  id: number;
  stack: string;
  process: string;
  step: number;
  /** `plan`: a plugin's create or update in a preview. */
  method: "check" | "diff" | "plan" | "create" | "update" | "read" | "delete";
  isPreview: boolean;
  urn: string;
  type: string;
  inputs: Properties;
  /** What was recorded before. */
  recorded?: Properties;
  startedAt: number;
  endedAt?: number;
  /** `cut off`: its process, or the engine, was killed. */
  outcome?: "ok" | "incomplete" | "failed" | "cut off";
  error?: string;
  outputs?: Properties;
  said: Said[];
  exchanges: Exchange[];
  /** What was so on its system when it ended, where it is one that makes something so. */
  truth?: unknown;
}

export interface Said {
  severity: "warning" | "info" | "progress";
  text: string;
  at: number;
}

/** One command of a user. */
export interface UserOperation {
  stack: string;
  step: number;
  command: string;
  startedAt: number;
  endedAt?: number;
  outcome?: "ok" | "failed" | "killed";
  errors: string[];
  /** Steps that changed something, e.g. `update web`. */
  changes: string[];
  isQuiet: boolean;
}

/** What somebody else did. */
export interface Intervention {
  at: number;
  what: string;
  system?: string;
  before?: unknown;
  after?: unknown;
}

/** Everything that happened, for a checker to read afterwards. */
export class History {
  readonly exchanges: Exchange[] = [];
  readonly calls: EngineCall[] = [];
  readonly operations: UserOperation[] = [];
  readonly interventions: Intervention[] = [];
  readonly #notes: [at: number, line: string][] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  note(line: string): void {
    this.#notes.push([this.#now(), line]);
  }

  /** One line per event: the same for a seed and a commit. Written when somebody reads them, which is seldom. */
  get lines(): string[] {
    return this.#notes.map(([at, line]) => `${(at / 1_000).toFixed(3).padStart(9)}  ${line}`);
  }
}

/** The name that the program gave. */
export function nameOf(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}
