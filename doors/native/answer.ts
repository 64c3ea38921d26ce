import type { Result } from "../../provider/index.ts";
import type { Decoded, Properties } from "./codec.ts";

/** How the engine asks for an operation. */
export interface How {
  preview: boolean;
  /** `customTimeouts` of the resource, in seconds; 0: none. */
  timeout: number;
}

/** Properties to be recorded, and the inputs whose inner values hold credentials. */
export interface Answer {
  properties: Properties;
  paths: string[];
}

/** A create or an update that is to be recorded although it is not done. */
export class NotReady extends Error {
  readonly result: Result;
  readonly answer: Answer;
  /** What it was asked with. */
  inputs?: Decoded;

  constructor(result: Result, answer: Answer) {
    super(result.reasons.join("; "));
    this.result = result;
    this.answer = answer;
  }
}
