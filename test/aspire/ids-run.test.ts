import assert from "node:assert/strict";
import { Incomplete, lifecycle } from "../../provider/index.ts";
import { type AspireSimulator, startAspire } from "../../simulators/index.ts";
import { contextFor, type TestContext } from "../support/context.ts";

const ids = ["A=", "B/1", "C+2", "D", "E"];
const batches = ids.map((id) => ({ id, type: "scan" as const }));

/** The three resources that do one thing for each of some ids. */
const kinds = [
  {
    type: "SeedRelease",
    property: "seedIds",
    output: "released",
    noun: "seed",
    path: "release/seed",
    rest: {},
  },
  {
    type: "WorkerRelease",
    property: "workerIds",
    output: "released",
    noun: "worker",
    path: "release/worker",
    rest: {},
  },
  {
    type: "BatchAcknowledgement",
    property: "batchIds",
    output: "acknowledged",
    noun: "batch",
    path: "batch/ack",
    rest: { type: "scan" },
  },
] as const;

for (const { type, property, output, noun, path, rest } of kinds) {
  describe(`aspire ${type}`, () => {
    const resource = lifecycle(`aspire:${type}`);
    let aspire: AspireSimulator;
    let context: TestContext;
    const start = async (options: Parameters<typeof startAspire>[0] = {}) => {
      aspire = await startAspire({ seeds: ids, workers: ids, batches, ...options });
      context = contextFor({ aspire: { endpoints: aspire.endpoints, requestTimeout: "1s" } });
    };
    beforeEach(() => start());
    afterEach(() => aspire.close());

    const inputs = (list: unknown[] = ids, more: object = {}) => ({ [property]: list, ...rest, ...more });
    const check = (given: object, recorded?: object) =>
      resource.check(context, recorded as Record<string, unknown>, given as Record<string, unknown>);
    const create = async (given: object) => resource.create(context, (await check(given)).inputs);
    /** Creates, and answers with what is recorded although it failed. */
    const fail = async (given: object) => {
      const failure = await create(given).catch((error: unknown) => error);
      assert.ok(failure instanceof Incomplete, String(failure));
      return failure;
    };
    const update = async (failure: Incomplete, given: object) =>
      (await resource.update(context, failure.id, failure.outputs, (await check(given)).inputs)).outputs;
    const doneIds = (outputs: object) =>
      (outputs as Record<string, { id: string }[]>)[output]?.map(({ id }) => id);
    /** What was asked for, by id; the effects were counted by the simulator. */
    const sent = () =>
      aspire.requests
        .filter((request) => request.mutating)
        .map((request) => decodeURIComponent(request.path.split("/").at(-1) ?? ""));
    const costs = (mutating: number, effects = mutating) => {
      const counts = aspire.counts();
      assert.deepEqual([counts.mutating, counts.effects], [mutating, effects]);
    };

    it("makes one call an id, encoded, and keeps the manager's words", async () => {
      const { id, outputs } = await create(inputs());
      assert.equal(id, "A=, B/1, C+2, D, E");
      assert.deepEqual(
        outputs[output],
        ids.map((it) => ({ id: it, message: `done for ${it}` })),
      );
      assert.deepEqual(
        aspire.requests.map((request) => request.path),
        ["A%3D", "B%2F1", "C%2B2", "D", "E"].map((it) => `/aspire/_api/manager/${path}/${it}`),
      );
      costs(5);
    });

    it("is content with answers that say nothing", async () => {
      await aspire.close();
      await start({ answers: "empty" });
      const { outputs } = await create(inputs());
      assert.deepEqual(
        outputs[output],
        ids.map((it) => ({ id: it })),
      );
      costs(5);
    });

    it("does nothing in a second up, after a refresh, and for another way in", async () => {
      const { id, outputs } = await create(inputs());
      const seen = await resource.read(context, outputs);
      assert.deepEqual(seen?.outputs, outputs);
      const again = (await check(inputs(), seen?.inputs)).inputs;
      assert.deepEqual(await resource.diff(context, outputs, again), {});
      const changed = (
        await check(
          inputs(ids, { connection: { endpoint: aspire.endpoints[0] }, timeout: "9m", form: "ids" }),
        )
      ).inputs;
      const { outputs: updated } = await resource.update(context, id, outputs, changed);
      assert.deepEqual(updated[output], outputs[output]);
      assert.equal(updated.timeout, "9m");
      costs(5);
    });

    it("runs again for other triggers or ids, all of them, in place", async () => {
      const { id, outputs } = await create(inputs());
      const triggered = (await check(inputs(ids, { triggers: [1] }))).inputs;
      assert.deepEqual(await resource.diff(context, outputs, triggered), { triggers: { kind: "add" } });
      const { outputs: second } = await resource.update(context, id, outputs, triggered);
      costs(10);
      const fewer = (await check(inputs(["D"], { triggers: [1] }))).inputs;
      const { outputs: third } = await resource.update(context, id, second, fewer);
      assert.deepEqual(doneIds(third), ["D"]);
      costs(11);
    });

    it("forgets without a request when it is deleted", async () => {
      const { outputs } = await create(inputs(["D"]));
      await resource.delete(context, outputs);
      costs(1);
    });

    it("tries all ids when the third of five is unknown, names it, and the next up tries it alone", async () => {
      const list = ["A=", "B/1", "X/unknown", "D", "E"];
      const failure = await fail(inputs(list));
      const [reason = ""] = failure.reasons;
      assert.ok(reason.startsWith("aspire "), reason);
      assert.match(
        reason,
        new RegExp(`${noun} X/unknown: PUT \\S+/X%2Funknown\\S*: 404 not found: X/unknown`),
      );
      assert.ok(reason.includes(`${output}: A=, B/1, D, E;`), reason);
      assert.deepEqual(doneIds(failure.outputs), ["A=", "B/1", "D", "E"]);
      costs(5, 4);
      const again = await resource
        .update(context, failure.id, failure.outputs, (await check(inputs(list))).inputs)
        .catch((error: unknown) => error);
      assert.ok(again instanceof Incomplete);
      assert.deepEqual(doneIds(again.outputs), ["A=", "B/1", "D", "E"]);
      costs(6, 4);
      assert.equal(sent().at(-1), "X/unknown");
      const repaired = await update(again, inputs(["A=", "B/1", "C+2", "D", "E"]));
      assert.deepEqual(doneIds(repaired), ids);
      assert.deepEqual(
        Object.keys(repaired).filter((key) => key.startsWith("__")),
        [],
      );
      costs(7, 5);
    });

    it("sends nothing more when the id that failed is taken out of the list", async () => {
      const failure = await fail(inputs(["A=", "unknown", "D"]));
      assert.deepEqual(doneIds(await update(failure, inputs(["D", "A="]))), ["D", "A="]);
      costs(3, 2);
    });

    it("starts from the beginning when triggers have changed since it failed", async () => {
      const failure = await fail(inputs(["A=", "unknown"]));
      const outputs = await update(failure, inputs(["A=", "D"], { triggers: ["again"] }));
      assert.deepEqual(doneIds(outputs), ["A=", "D"]);
      assert.deepEqual(sent(), ["A=", "unknown", "A=", "D"]);
      costs(4, 3);
    });

    it("shows by its diff that it is unfinished, also after a refresh", async () => {
      const failure = await fail(inputs(["A=", "unknown"]));
      const seen = await resource.read(context, failure.outputs);
      const changes = await resource.diff(
        context,
        seen?.outputs ?? {},
        (await check(inputs(["A=", "unknown"]))).inputs,
      );
      assert.deepEqual(Object.values(changes), [{ kind: "update" }]);
    });

    it("records nothing when no id could be done", async () => {
      await assert.rejects(create(inputs(["x", "y"])), (error: Error) => {
        assert.ok(!(error instanceof Incomplete));
        assert.match(error.message, /: \w+ x: .*404.*; \w+ y: .*404/);
        assert.ok(error.message.endsWith(`${output}: none`), error.message);
        return true;
      });
      costs(2, 0);
    });

    it("takes an error inside a 200 for a failure of that id", async () => {
      await aspire.close();
      await start({ unknownIds: "errorIn200" });
      const failure = await fail(inputs(["A=", "unknown", "D"]));
      assert.match(failure.message, /unknown: PUT \S+: 200 with an error: .*not found/);
      assert.deepEqual(doneIds(failure.outputs), ["A=", "D"]);
      costs(3, 2);
    });

    for (const [what, fault, effects] of [
      ["a 500 after it was done", { kind: "status", status: 500, when: "after" }, 4],
      ["a 503 before it was done", { kind: "status", status: 503, headers: { "Retry-After": "0" } }, 3],
      ["a reset", { kind: "reset", when: "after" }, 4],
      ["an HTML page", { kind: "html" }, 3],
      ["a truncated answer", { kind: "truncatedBody", when: "after" }, 4],
      ["JSON of another kind", { kind: "wrongType" }, 3],
    ] as const) {
      it(`never sends an id twice in one run after ${what}: the next up does`, async () => {
        aspire.fault({ ...fault, skip: 2, times: 1 });
        const failure = await fail(inputs(["A=", "B/1", "C+2", "D"]));
        assert.match(
          failure.message,
          /C\+2: .*\(whether it was carried out cannot be read back; the next pulumi up/,
        );
        assert.deepEqual(doneIds(failure.outputs), ["A=", "B/1", "D"]);
        costs(4, effects);
        const outputs = await update(failure, inputs(["A=", "B/1", "C+2", "D"]));
        assert.deepEqual(doneIds(outputs), ["A=", "B/1", "C+2", "D"]);
        assert.deepEqual(sent(), ["A=", "B/1", "C+2", "D", "C+2"]);
        costs(5, effects + 1);
      });
    }

    for (const [what, fault] of [
      ["no answer in time", { kind: "hang" }],
      ["a lost right", { kind: "status", status: 403 }],
    ] as const) {
      it(`does not try the rest after ${what}: it would fare the same`, async () => {
        aspire.fault({ ...fault, skip: 1, times: Number.POSITIVE_INFINITY });
        const failure = await fail(inputs());
        assert.match(failure.message, /B\/1: .*; not tried: C\+2, D, E;/);
        costs(2, 1);
        aspire.clearFaults();
        assert.deepEqual(doneIds(await update(failure, inputs())), ids);
        assert.deepEqual(sent(), ["A=", "B/1", "B/1", "C+2", "D", "E"]);
      });
    }

    it("sends again what was turned away with 429, after the time that was asked for", async () => {
      aspire.fault({ kind: "status", status: 429, headers: { "Retry-After": "0" }, skip: 1, times: 2 });
      assert.deepEqual(doneIds((await create(inputs(["A=", "D"]))).outputs), ["A=", "D"]);
      assert.deepEqual(sent(), ["A=", "D", "D", "D"]);
      costs(4, 2);
    });

    it("keeps what is done when the timeout runs out", async () => {
      aspire.fault({ kind: "hang", skip: 1 });
      context = contextFor({ aspire: { endpoints: aspire.endpoints } });
      const failure = await fail(inputs(ids, { timeout: "500ms" }));
      assert.match(failure.message, /the timeout of 500ms ran out: .*not tried: C\+2, D, E/);
      assert.deepEqual(doneIds(failure.outputs), ["A="]);
      costs(2, 1);
      assert.deepEqual(doneIds(await update(failure, inputs())), ids);
      costs(6, 5);
    });

    it("keeps what is done when it is cancelled", async () => {
      aspire.fault({ kind: "hang", skip: 1 });
      context = contextFor({ aspire: { endpoints: aspire.endpoints } });
      setTimeout(() => context.cancel(), 300);
      const failure = await fail(inputs());
      assert.match(failure.message, /B\/1: cancelled.*; not tried: C\+2, D, E/);
      assert.deepEqual(doneIds(failure.outputs), ["A="]);
      costs(2, 1);
    });

    it("names the endpoint when nobody is there, and sends nothing", async () => {
      const [endpoint] = aspire.endpoints;
      await aspire.close();
      await assert.rejects(create(inputs(["A=", "D"])), (error: Error) => {
        assert.ok(error.message.includes(`${endpoint}`), error.message);
        assert.match(error.message, /connection refused/);
        assert.match(error.message, /not tried: D/);
        return true;
      });
      costs(0);
    });

    it("tries the other ids although a manager is down that might know the unknown one", async () => {
      context = contextFor({ aspire: { endpoints: [...aspire.endpoints, "http://127.0.0.1:9"] } });
      const failure = await fail(inputs(["unknown", "D"]));
      assert.deepEqual(doneIds(failure.outputs), ["D"]);
    });

    it("says in a preview what it will do, from nothing but the inputs", async () => {
      const { failures } = await check(inputs());
      assert.deepEqual(failures, []);
      const plural = noun === "batch" ? "batches" : `${noun}s`;
      assert.deepEqual(context.said.plans, [
        `${noun === "batch" ? "acknowledge" : "release"} 5 ${plural}: A=, B/1, C+2, D, E`,
      ]);
      assert.equal(aspire.requests.length, 0);
    });

    for (const [what, given, at, reason] of [
      ["an empty list", inputs([]), property, /fewer than 1 items/],
      ["no list", { ...rest }, property, /is required/],
      ["one id without a list", { ...inputs(), [property]: "A=" }, property, /"A=" is not an array/],
      [
        "the same id twice",
        inputs(["A", "B", "A"]),
        `${property}[2]`,
        /"A" is given twice: it is \w+\[0\] too/,
      ],
      ["an empty id", inputs(["A", ""]), `${property}[1]`, /is empty/],
      ["a blank id", inputs(["  "]), `${property}[0]`, /is empty/],
      ["..", inputs(["A", ".."]), `${property}[1]`, /cannot be part of a request path/],
      ["half a character", inputs(["\ud800"]), `${property}[0]`, /not valid Unicode/],
      ["an object for an id", inputs([{}]), `${property}[0]`, /is not a/],
      [
        "a form that only the draft page has",
        inputs(ids, { form: "get" }),
        "form",
        /draft page only: write "path"/,
      ],
      ["an unknown form", inputs(ids, { form: "body" }), "form", /"body" is not one of "path", "ids"/],
      [
        "a misspelt input",
        { ...inputs(), [`${property.slice(0, -1)}`]: [] },
        property.slice(0, -1),
        /did you mean/,
      ],
    ] as const) {
      it(`refuses ${what} at check and sends nothing`, async () => {
        const { failures } = await check(given);
        assert.equal(failures[0]?.property, at);
        assert.match(failures[0]?.reason ?? "", reason);
        costs(0);
      });
    }

    for (const hostile of ["../../users", "%2f..%2f", "a\nb\u0000c", "?type=process#", "é💥"]) {
      it(`requests no other path for the id ${JSON.stringify(hostile)}`, async () => {
        await assert.rejects(create(inputs([hostile])), /404/);
        assert.equal(aspire.requests[0]?.path, `/aspire/_api/manager/${path}/${encodeURIComponent(hostile)}`);
        costs(1, 0);
      });
    }
  });
}
