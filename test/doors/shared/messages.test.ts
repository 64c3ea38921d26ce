import assert from "node:assert/strict";
import { type CommandLine, parse } from "../../../doors/shared/command-line.ts";
import { engineAddress } from "../../../doors/shared/engine-log.ts";
import { openMessages } from "../../../doors/shared/messages.ts";

const urn = (name: string) =>
  `urn:pulumi:dev::shop::pulumi-nodejs:dynamic/clusterops/redis:NodeMaintenance::${name}`;

/** What one host says to an engine whose CLI was called like this, without a terminal. */
function host(line: string | undefined) {
  const said: string[] = [];
  const told = (kind: string) => async (text: string, of: string) =>
    void said.push(`${kind} ${of.split("::").at(-1)}: ${JSON.stringify(text)}`);
  const log = { warn: told("warning"), inform: told("info"), progress: told("passing") };
  const command: CommandLine | undefined =
    line === undefined ? undefined : { ...parse(line.split(" "), {}), isOnTerminal: false };
  return { said, of: openMessages(log, command) };
}

describe("what a host says without a terminal", () => {
  it("is a plan line that stands in Diagnostics only, as the row is printed over and over", () => {
    const { said, of } = host("preview");
    of(urn("a")).inform("node 2: maintenance_on");
    assert.deepEqual(said, [String.raw`info a: "\nnode 2: maintenance_on"`]);
  });

  it("is a plan line or warning once of each resource, though the engine checks twice what is to be replaced", () => {
    const { said, of } = host("preview --json");
    for (const name of ["a", "a", "b"]) {
      of(urn(name)).inform("plan");
      of(urn(name)).warn("beware");
    }
    assert.deepEqual(
      said.filter((text) => !text.startsWith("passing")),
      ['info a: "plan"', 'warning a: "beware"', 'info b: "plan"', 'warning b: "beware"'],
    );
  });

  it("is a warning and a blank before its operation begins: the row is printed again with it", () => {
    const { said, of } = host("preview");
    of(urn("a")).warn("beware");
    assert.deepEqual(said, ['warning a: "beware"', 'passing a: ""']);
  });

  it("is warnings alone where its operation has begun, and one blank when that ends", async () => {
    const { said, of } = host("up --yes");
    const messages = of(urn("a"), true);
    messages.warn("beware");
    messages.warn("beware of this, too");
    assert.deepEqual(said, ['warning a: "beware"', 'warning a: "beware of this, too"']);
    await messages.clear();
    assert.deepEqual(said.slice(2), ['passing a: ""']);
  });

  it("names the resource in --diff, which shows messages apart from it", () => {
    const { said, of } = host("up --diff");
    of(urn("a::1")).inform("plan");
    of(urn("a::1")).warn("beware");
    of(urn("a::1")).progress("node 2 maintenance_on running 1 %");
    assert.deepEqual(said, [
      'info 1: "a::1: plan"',
      'warning 1: "a::1: beware"',
      'passing 1: "a::1: node 2 maintenance_on running 1 %"',
    ]);
  });

  it("names the resource where the command line cannot be told", () => {
    const { said, of } = host(undefined);
    of(urn("a")).warn("beware");
    assert.equal(said[0], 'warning a: "a: beware"');
  });

  it("is each change of step, and one message of each", () => {
    const { said, of } = host("up --yes");
    const { progress } = of(urn("a"));
    const messages = [
      "demote cluster1",
      "demote cluster1 cluster1 active, cluster2 passive, 1.0s",
      "demote cluster1 both passive, 2.0s",
      "promote cluster2",
      "promote cluster2 both passive, 1.0s",
      "cluster2 active to stand for 10s, 3.0s",
      "cluster2 active to stand for 10s, 4.0s",
    ];
    for (const message of messages) progress(message);
    assert.deepEqual(
      said.map((text) => JSON.parse(text.replace(/^passing a: /, ""))),
      [messages[0], messages[3], messages[5]],
    );
  });

  it("is another step where it is said to be one", () => {
    const { said, of } = host("up --yes");
    const { progress } = of(urn("a"));
    progress("node 2 is queued", { step: true });
    progress("node 2 is running", { step: true });
    progress("node 2 is running, 40 %");
    assert.equal(said.length, 2);
  });
});

describe("the address of the engine", () => {
  const rows: [words: string[], address: string | undefined][] = [
    [["127.0.0.1:4711"], "127.0.0.1:4711"],
    [["--logtostderr", "-v=5", "127.0.0.1:4711"], "127.0.0.1:4711"],
    [["--tracing", "http://127.0.0.1:9/spans", "127.0.0.1:4711"], "127.0.0.1:4711"],
    [["-v=3"], undefined],
    [[], undefined],
  ];
  for (const [words, address] of rows) {
    it(`is ${address ?? "not told"} in: ${words.join(" ") || "nothing"}`, () => {
      assert.equal(engineAddress(["node", "index.js:1", ...words]), address);
    });
  }
});
