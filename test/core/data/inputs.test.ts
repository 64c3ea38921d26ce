import assert from "node:assert/strict";
import { checkShape, suggestion } from "../../../provider/core/data/inputs.ts";
import { unknown } from "../../../provider/core/data/unknown.ts";

/** The first thing that is wrong, as `property reason`. */
const wrong = (name: string, value: object): string | undefined => {
  const [first] = checkShape(name, value).failures;
  return first && `${first.property} ${first.reason}`;
};

describe("inputs", () => {
  it("are completed with the defaults of their interface, and left as they were given", () => {
    const given = { nodeUid: 2 };
    const { value, failures } = checkShape<Record<string, unknown>>("NodeMaintenanceInputs", given);
    assert.deepEqual(failures, []);
    assert.deepEqual([value.nodeUid, value.overwriteSnapshot, value.evictHaReplica], [2, false, true]);
    assert.deepEqual(given, { nodeUid: 2 });
  });

  it("that are undefined are not given", () => {
    assert.deepEqual(checkShape("CrawlFailureInputs", { seedId: "a", triggers: undefined }).value, {
      seedId: "a",
    });
  });

  for (const uid of ["2", " 2 ", "2.0"]) {
    it(`take the text ${JSON.stringify(uid)} for a number where only a number is meant`, () => {
      assert.deepEqual(
        checkShape<{ nodeUid: number }>("ReplicaNodeInputs", { nodeUid: uid }).value.nodeUid,
        2,
      );
    });
  }

  it("take any number where anything may stand", () => {
    assert.deepEqual(checkShape("CrawlFailureInputs", { seedId: "2", triggers: [1e21] }).failures, []);
  });

  it("keep a text a text where a text is meant", () => {
    assert.deepEqual(checkShape("CrawlFailureInputs", { seedId: "2" }).value, { seedId: "2" });
  });

  const refused: [string, string, object, string | RegExp][] = [
    [
      "what stands under a key of digits",
      "ActiveClusterInputs",
      { active: "1", clusters: { "1": { endpoint: 5 }, "2": "west" } },
      /^clusters\.1\.endpoint 5 is not a string/,
    ],
    ["one that is missing", "CrawlFailureInputs", {}, "seedId is required"],
    ["one of another type", "CrawlFailureInputs", { seedId: 5 }, "seedId 5 is not a string"],
    ["zero for a node", "ReplicaNodeInputs", { nodeUid: 0 }, /^nodeUid 0 must be >= 1/],
    ["a negative node", "ReplicaNodeInputs", { nodeUid: -1 }, /^nodeUid -1 must be >= 1/],
    ["half a node", "ReplicaNodeInputs", { nodeUid: 1.5 }, /^nodeUid 1.5 is not an integer/],
    ["half a node as text", "ReplicaNodeInputs", { nodeUid: "1.5" }, /^nodeUid 1.5 is not an integer/],
    ["a word for a node", "ReplicaNodeInputs", { nodeUid: "two" }, /^nodeUid "two" is not an integer/],
    ...["9007199254740993", 2 ** 53, 1e21, "99999999999999999999"].map(
      (nodeUid): [string, string, object, RegExp] => [
        `a node that would be rounded, ${JSON.stringify(nodeUid)}`,
        "ReplicaNodeInputs",
        { nodeUid },
        /^nodeUid is beyond 2\^53, where numbers are rounded/,
      ],
    ),
    ["null", "ReplicaNodeInputs", { nodeUid: null }, /^nodeUid null is not an integer/],
    [
      "a misspelt name",
      "NodeMaintenanceInputs",
      { nodeUid: 2, evictDBs: [] },
      "evictDBs is not an input: did you mean evictDbs?",
    ],
    [
      "a name that is like none",
      "CrawlFailureInputs",
      { seedId: "a", password: "x" },
      "password is not an input: known are connection, timeout, triggers, seedId",
    ],
    [
      "another word than the known ones",
      "BatchAcknowledgementInputs",
      { batchIds: ["1"], type: "both" },
      'type "both" is not one of "scan", "process"',
    ],
    ["a wrong item of a list", "SeedReleaseInputs", { seedIds: ["a", 5] }, "seedIds[1] 5 is not a string"],
    [
      "too short a list",
      "SeedReleaseInputs",
      { seedIds: [] },
      /^seedIds an array must NOT have fewer than 1 items/,
    ],
    [
      "neither branch of a union",
      "CrawlFailureInputs",
      { seedId: "a", connection: 5 },
      "connection 5 is not a string or a Connection",
    ],
    [
      "a misspelt field in one branch of a union",
      "CrawlFailureInputs",
      { seedId: "a", connection: { endpiont: "x" } },
      "connection.endpiont is not an input: did you mean endpoint?",
    ],
    [
      "a wrong field in one branch of a union",
      "CrawlFailureInputs",
      { seedId: "a", connection: { endpoints: [5] } },
      "connection.endpoints[0] 5 is not a string",
    ],
    [
      "a list where text or number is meant",
      "CrawlFailureInputs",
      { seedId: "a", timeout: [] },
      "timeout an array is not a string or a number",
    ],
  ];
  for (const [what, name, value, reason] of refused) {
    it(`refuse ${what}: ${reason}`, () => {
      const found = wrong(name, value);
      if (typeof reason === "string") assert.equal(found, reason);
      else assert.match(found ?? "accepted", reason);
    });
  }

  it("tell everything that is wrong at once, each thing once", () => {
    const { failures } = checkShape("ReplicaNodeInputs", { nodeUid: "x", timeout: {}, nodUid: 1 });
    assert.deepEqual(failures.map(({ property }) => property).sort(), ["nodUid", "nodeUid", "timeout"]);
  });

  for (const field of ["password", "token", "clientKey", "proxy"]) {
    it(`never repeat a ${field}`, () => {
      const found = wrong("CrawlFailureInputs", {
        seedId: "a",
        connection: { endpoint: "https://a", [field]: ["planted"] },
      });
      assert.equal(found, `connection.${field} the value is not a string`);
    });
  }

  it("never repeat a header, whatever it is called", () => {
    const found = wrong("CrawlFailureInputs", {
      seedId: "a",
      connection: { endpoint: "https://a", headers: { "x-a": 471147 } },
    });
    assert.equal(found, "connection.headers.x-a the value is not a string");
  });

  it("cut long values short", () => {
    assert.ok((wrong("ReplicaNodeInputs", { nodeUid: "x".repeat(10_000) }) ?? "").length < 200);
  });

  describe("that are not known yet", () => {
    for (const [what, name, value] of [
      ["whole", "ReplicaNodeInputs", { nodeUid: unknown }],
      ["in a list", "SeedReleaseInputs", { seedIds: ["a", unknown] }],
      ["for a word", "BatchAcknowledgementInputs", { batchIds: unknown, type: unknown }],
      ["for a union", "CrawlFailureInputs", { seedId: "a", connection: unknown }],
      ["in one branch of a union", "CrawlFailureInputs", { seedId: "a", connection: { endpoint: unknown } }],
      [
        "deep in one branch of a union",
        "CrawlFailureInputs",
        { seedId: "a", connection: { endpoints: [unknown] } },
      ],
    ] as const) {
      it(`pass ${what}, and stay what they are`, () => {
        const { value: checked, failures } = checkShape(name, value);
        assert.deepEqual(failures, []);
        for (const [key, item] of Object.entries(value))
          assert.deepEqual((checked as Record<string, unknown>)[key], item);
      });
    }

    it("do not hide what is wrong beside them", () => {
      assert.equal(wrong("SeedReleaseInputs", { seedIds: [unknown, 5] }), "seedIds[1] 5 is not a string");
      assert.equal(
        wrong("BatchAcknowledgementInputs", { batchIds: unknown, type: "both" }),
        'type "both" is not one of "scan", "process"',
      );
    });
  });

  it("of any shape never make the check fall over", () => {
    for (const value of [
      { __proto__: null, seedId: "a" },
      { seedId: { toString: 5 } },
      JSON.parse('{"__proto__": 5, "constructor": 1}'),
    ])
      assert.ok(Array.isArray(checkShape("CrawlFailureInputs", value).failures));
  });
});

describe("a suggestion", () => {
  for (const [name, known, expected] of [
    ["evictDB", ["evictDbs", "nodeUid"], ": did you mean evictDbs?"],
    ["NODEUID", ["evictDbs", "nodeUid"], ": did you mean nodeUid?"],
    ["xyzzy", ["evictDbs", "nodeUid"], ": known are evictDbs, nodeUid"],
    ["any", [], ""],
    ["evictDb3", ["evictDb1", "nodeUid", "evictDb2"], ": did you mean evictDb1 or evictDb2?"],
  ] as const) {
    it(`for ${name} among ${known.join(" and ") || "none"} is "${expected}"`, () =>
      assert.equal(suggestion(name, [...known]), expected));
  }
});
