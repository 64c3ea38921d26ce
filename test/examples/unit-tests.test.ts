import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { built } from "../support/built.ts";
import { example } from "../support/pulumi.ts";

describe("the example unit-tests", function () {
  this.timeout(60_000);
  before(built);

  it("passes with mocha, as its user runs it", async () => {
    const mocha = fileURLToPath(import.meta.resolve("mocha/bin/mocha.js"));
    // Where a socket would lead to, if one were opened: the environment of a person who works on production.
    const env = { CLUSTEROPS_REDIS_ENDPOINTS: "http://127.0.0.1:1" };
    const { stdout } = await execa(process.execPath, [mocha, "index.test.ts"], {
      cwd: example("unit-tests"),
      env,
    });
    assert.match(stdout, /3 passing/);
  });
});
