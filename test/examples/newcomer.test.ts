import assert from "node:assert/strict";
import { fieldsOf } from "../../scripts/docs/schemas.ts";
import { blocksOf, pages } from "../docs/blocks.ts";
import { missingFrom } from "../docs/samples.ts";
import { built } from "../support/built.ts";
import { journey, Newcomer, skipWithoutRegistry } from "./newcomer.ts";

const ofDocs = pages.slice(1).flatMap(blocksOf);

describe("README.md, typed by somebody new in a fresh folder", function () {
  this.timeout(300_000);
  let newcomer: Newcomer;

  before(async function () {
    await built.call(this);
    this.timeout(300_000);
    await skipWithoutRegistry(this);
    newcomer = await Newcomer.create();
  });
  after(() => newcomer?.[Symbol.asyncDispose]());

  const last = journey.findLastIndex(({ use }) => use === "run");

  it("installs the package, makes a stack with the simulators' connections, and does what it says", async () => {
    for (const block of journey.slice(0, last)) await newcomer.does(block);
  });

  it("finds each command of docs/ at work", async () => {
    for (const block of ofDocs.filter(({ use }) => use === "run")) await newcomer.does(block);
  });

  it("undoes it", async () => {
    for (const block of journey.slice(last)) await newcomer.does(block);
  });

  it("has sent each request once", () => {
    const requests = [...newcomer.served.matchAll(/ (?:POST|PUT|DELETE) \S*\/(\w+) -> 200$/gm)];
    assert.deepEqual(
      requests.map(([, path]) => path),
      ["maintenance_on", "demote", "promote", "maintenance_off"],
    );
  });

  for (const { place, text } of blocksOf("README.md").filter(({ use }) => use === "journey"))
    it(`prints what ${place} shows`, () =>
      assert.deepEqual(
        missingFrom(text, newcomer.typed),
        [],
        newcomer.typed.map(({ command, output }) => `$ ${command}\n${output}`).join("\n"),
      ));

  it("describes connections as the reference does", async () => {
    await newcomer.types("pulumi stack init config");
    for (const block of pages.flatMap(blocksOf).filter(({ use }) => use === "config"))
      await newcomer.does(block);
    const connections = JSON.parse(await newcomer.types("pulumi config get clusterops:connections"));
    assert.notEqual(Object.keys(connections).length, 0);
    const known = fieldsOf("Connection").map(({ path }) => path);
    for (const [name, connection] of Object.entries(connections as Record<string, object>))
      assert.deepEqual(
        Object.keys(connection).filter((field) => !known.includes(field)),
        [],
        name,
      );
  });
});
