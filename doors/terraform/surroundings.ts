import type { Session, Words } from "../../provider/index.ts";
import type { RawObject } from "./codec.ts";
import type { Apply } from "./command-line.ts";
import type { Configuration } from "./configuration.ts";
import type { Diagnostic } from "./diagnostics.ts";
import type { PrivateData } from "./private-data.ts";

/** What one process of the provider has to do with. */
export interface Surroundings {
  configuration: Configuration;
  session?: Session;
  words: Words;
  /** How what is carried out came about; undefined where that cannot be told. */
  apply?: Apply;
  /** Aborts when the user interrupts, or Terraform is gone. */
  signal: AbortSignal;
  /** Where progress goes: Terraform shows none. */
  log(message: string): void;
}

/** What is recorded of a resource, or would be. */
export interface Recorded {
  state: RawObject | null;
  data: Partial<PrivateData>;
}

export interface Answer extends Recorded {
  diagnostics: Diagnostic[];
}
