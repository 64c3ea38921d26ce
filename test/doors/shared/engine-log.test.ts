import assert from "node:assert/strict";
import { type EngineApi, engineLog } from "../../../doors/shared/engine-log.ts";

/** A connection to an engine that takes each message when it is told to. */
function engine() {
  const arriving: { text: string; take: () => void }[] = [];
  class EngineClient {
    log(request: LogRequest, done: () => void): void {
      arriving.push({ text: request.text, take: done });
    }
  }
  class LogRequest {
    text = "";
    setMessage(message: string): void {
      this.text = message;
    }
    setSeverity(): void {}
    setUrn(): void {}
    setStreamid(): void {}
    setEphemeral(): void {}
  }
  const api = { EngineClient, LogRequest, LogSeverity: { INFO: 1, WARNING: 2 }, createInsecure: () => ({}) };
  return {
    log: engineLog("127.0.0.1:4711", api as unknown as EngineApi),
    texts: () => arriving.map(({ text }) => text),
    take: (text: string) =>
      arriving
        .splice(
          arriving.findIndex((one) => one.text === text),
          1,
        )[0]
        ?.take(),
  };
}

const turn = () => new Promise((passed) => setImmediate(passed));

/** Whether it has settled by now. */
async function hasSettled(promise: Promise<void>): Promise<boolean> {
  let settled = false;
  void promise.then(() => {
    settled = true;
  });
  await turn();
  return settled;
}

describe("messages to the engine", () => {
  it("arrive one after the other, of one resource", async () => {
    const { log, texts, take } = engine();
    void log.warn("first", "a");
    void log.progress("second", "a");
    await turn();
    assert.deepEqual(texts(), ["first"]);
    take("first");
    await turn();
    assert.deepEqual(texts(), ["second"]);
  });

  it("travel at once, of two resources", async () => {
    const { log, texts } = engine();
    void log.warn("of a", "a");
    void log.warn("of b", "b");
    await turn();
    assert.deepEqual(texts(), ["of a", "of b"]);
  });

  it("are waited for: the lasting ones, of the resources that are named, or of all", async () => {
    const { log, take } = engine();
    void log.inform("lasting, of a", "a");
    void log.warn("lasting, of b", "b");
    const [ofA, ofC, ofAll] = [log.delivered("a", ""), log.delivered("c"), log.delivered()];
    assert.deepEqual([await hasSettled(ofA), await hasSettled(ofC)], [false, true]);
    void log.progress("passing, of a", "a");
    const ofAMeanwhile = log.delivered("a");
    take("lasting, of a");
    assert.deepEqual(
      [await hasSettled(ofA), await hasSettled(ofAMeanwhile), await hasSettled(ofAll)],
      [true, true, false],
    );
    take("lasting, of b");
    assert.equal(await hasSettled(ofAll), true);
    assert.equal(await hasSettled(log.delivered()), true);
  });
});
