import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { demote, getStatus, isActive, listClusters, promote, toggle } from "../../provider/tcf/client.ts";
import { commonIds, meaningOf } from "../../provider/tcf/identity.ts";
import { freely } from "../support/permit.ts";
import { answering, http, onlyWrittenAnswers, options } from "./worker.ts";

const folder = join(import.meta.dirname, "..", "fixtures", "tcf");
const text = (name: string) => readFileSync(join(folder, name), "utf8");

describe("a document of Tarantool Clusters Federation", () => {
  onlyWrittenAnswers();

  it("is named in their README, each of them", () => {
    const readme = text("README.md");
    const names = readdirSync(folder).filter((name) => name !== "README.md");
    assert.deepEqual(
      names.filter((name) => !readme.includes(`\`${name}\``)),
      [],
    );
  });

  for (const name of ["clusters.json", "clusters-of-neighbour.json"]) {
    it(`is read as it is: ${name}`, async () => {
      answering("get", "clusters", 200, text(name));
      assert.deepEqual(await listClusters(http, options), JSON.parse(text(name)));
    });
  }

  it("is read as two names whose ids are relative: the list of each side", async () => {
    answering("get", "clusters", 200, text("clusters.json"));
    const one = await listClusters(http, options);
    answering("get", "clusters", 200, text("clusters-of-neighbour.json"));
    const other = await listClusters(http, options);
    assert.equal(commonIds([one, other]).size, 0);
    assert.deepEqual(meaningOf("cluster2", [one, other], new Map()), { name: "cluster2" });
    const unclear = meaningOf("cluster_2", [one, other], new Map());
    assert.match(
      unclear && "unclear" in unclear ? unclear.unclear : "",
      /cluster2 in one cluster's list and cluster1 in/,
    );
    assert.deepEqual(
      [...commonIds([one, one])],
      [
        ["cluster1", "cluster_1"],
        ["cluster2", "cluster_2"],
      ],
    );
  });

  for (const word of ["active", "passive"]) {
    it(`is read as the word ${word}`, async () => {
      answering("get", "status", 200, text(`status-${word}.txt`));
      assert.equal(await getStatus(http, options), word);
    });
  }

  for (const [path, read] of [
    ["status", getStatus],
    ["is_active", isActive],
    ["clusters", listClusters],
  ] as const) {
    it(`is told where reading fails: GET /tcf/${path}`, async () => {
      answering("get", path, 500, text("error.json"));
      await assert.rejects(read(http, options) as Promise<unknown>, /500 error_message$/);
    });
  }

  for (const [path, call] of [
    ["promote", promote],
    ["demote", demote],
    ["toggle", toggle],
  ] as const) {
    it(`is told where switching fails: POST /tcf/${path}`, async () => {
      answering("post", path, 500, text("error.json"));
      await assert.rejects(call(http, freely, options), { name: "TcfError", message: /500 error_message$/ });
    });
  }
});
