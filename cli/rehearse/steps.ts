/** One resource of the program, as the preview of the real stack has it. */
export interface Step {
  op: string;
  urn: string;
  newState?: StepState;
  oldState?: StepState;
}

export interface StepState {
  type: string;
  custom: boolean;
  inputs?: Record<string, unknown>;
  /** `<urn>::<id>` of its provider. */
  provider?: string;
}
