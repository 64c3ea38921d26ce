import assert from "node:assert/strict";
import { RunFailed } from "../../../provider/core/data/errors.ts";
import type { TestContext } from "../../support/context.ts";
import { Incomplete } from "../../support/flat.ts";
import { fake, freshContext, inputs } from "../fake.ts";

/** Colours, a title, a moved cursor, eight-bit controls, marks that turn the direction of writing, a forged line of a CI system. */
const hostile =
  "\u001b[31mno\u001b[0m \u001b]0;title\u0007\u009b2Jspace\u202e \u2066left\u0000\r\n::set-env name=x::1\u2028on";
const obeyed = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

describe("what a server says that a terminal would obey", () => {
  let context: TestContext;
  let said: string[];
  beforeEach(() => {
    said = [];
    const note = (message: string) => void said.push(message);
    context = Object.assign(freshContext(), { progress: note, warn: note, inform: note });
  });

  const holds = (text: string) => {
    assert.match(text, /no space left ::set-env name=x::1 on/);
    assert.doesNotMatch(text, obeyed);
  };

  it("comes through in no output, of an operation and of a refresh", async () => {
    const resource = fake({ outputs: () => ({ role: hostile }) });
    const { outputs } = await resource.create(context, inputs);
    holds(String(outputs.role));
    const found = await resource.read(context, { ...outputs, role: "slave" });
    holds(String(found?.outputs.role));
  });

  it("comes through in no message", async () => {
    const resource = fake({
      async converge(scope) {
        scope.progress(hostile);
        scope.warn(hostile);
        throw new Error(hostile);
      },
    });
    const failure: Error = await resource.create(context, inputs).then(
      () => assert.fail(),
      (error) => error,
    );
    for (const text of [...said, failure.message]) holds(text);
    assert.equal(said.length, 2);
  });

  it("comes through in no reason, and in nothing recorded of a run that failed", async () => {
    const resource = fake({
      async converge() {
        throw new RunFailed(hostile, { role: hostile });
      },
    });
    const left: Incomplete = await resource.create(context, inputs).then(
      () => assert.fail(),
      (error) => error,
    );
    assert.ok(left instanceof Incomplete);
    for (const text of [...left.reasons, String(left.outputs.role)]) holds(text);
  });

  it("is left as it is where the user wrote it", async () => {
    const resource = fake({ outputs: () => ({ role: "a\nb" }) });
    const { outputs } = await resource.create(context, { ...inputs, connection: "plain", note: "a\nb" });
    assert.equal(outputs.role, "a\nb");
  });
});
