import { Incomplete } from "../support/flat.ts";
import type { Properties, Session } from "./door.ts";

/** What an `up` does with the resource, in the CLI's words. */
export type Step = "create" | "same" | "update" | "replace";

interface Recorded {
  id: string;
  inputs: Properties;
  outputs: Properties;
  /** "Failed to initialize": the next `up` updates it, whatever diff says. */
  unready: boolean;
}

/** The inputs were refused. */
export class CheckFailed extends Error {
  readonly failures: { property: string; reason: string }[];

  constructor(failures: { property: string; reason: string }[]) {
    super(failures.map(({ property, reason }) => `${property}: ${reason}`).join("; "));
    this.failures = failures;
  }
}

/** A stack of one resource, driven in the order in which Pulumi's engine calls a provider. */
export class Stack {
  state: Recorded | undefined;
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** `pulumi preview`. @throws CheckFailed */
  async preview(inputs: Properties): Promise<Step> {
    return (await this.#plan(inputs, true)).step;
  }

  /** `pulumi up`. An Incomplete is recorded before it is thrown. @throws CheckFailed */
  async up(inputs: Properties): Promise<Step> {
    const { step, checked } = await this.#plan(inputs, false);
    const before = this.state;
    if (before === undefined) await this.#record(checked, () => this.#session.create(checked));
    else if (step === "update") {
      const { id, outputs } = before;
      await this.#record(checked, async () => ({
        id,
        ...(await this.#session.update(id, outputs, checked)),
      }));
    } else if (step === "replace") {
      await this.destroy();
      await this.#record(checked, () => this.#session.create(checked));
    }
    return step;
  }

  /** `pulumi refresh`, which also clears the mark of an unready resource. */
  async refresh(): Promise<void> {
    if (!this.state) return;
    const { id, outputs } = this.state;
    const found = await this.#session.read(id, outputs);
    this.state = found && { id, ...found, unready: false };
  }

  /** `pulumi destroy`. */
  async destroy(): Promise<void> {
    if (!this.state) return;
    await this.#session.delete(this.state.id, this.state.outputs);
    this.state = undefined;
  }

  async #plan(inputs: Properties, preview: boolean): Promise<{ step: Step; checked: Properties }> {
    const { inputs: checked, failures } = await this.#session.check(this.state?.inputs, inputs, preview);
    if (failures.length > 0) throw new CheckFailed(failures);
    if (!this.state) return { step: "create", checked };
    const { changes, replaces } = await this.#session.diff(this.state.id, this.state.outputs, checked);
    const step = replaces.length > 0 ? "replace" : changes || this.state.unready ? "update" : "same";
    return { step, checked };
  }

  async #record(
    inputs: Properties,
    operation: () => Promise<{ id: string; outputs: Properties }>,
  ): Promise<void> {
    try {
      this.state = { ...(await operation()), inputs, unready: false };
    } catch (error) {
      if (error instanceof Incomplete)
        this.state = { id: error.id, outputs: error.outputs, inputs, unready: true };
      throw error;
    }
  }
}
