import assert from "node:assert/strict";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { FakeMachine } from "./fake-machine.ts";

const script = join(import.meta.dirname, "..", "..", ".ci", "run");

/** Runs a copy of .ci/run with an `npm` that says and does what the test wants. */
async function run(npmCi: string, npmTest: string) {
  await using machine = await FakeMachine.create();
  await machine.script(
    "bin/npm",
    `echo "npm $* CI=$CI"`,
    `case "$1" in ci) ${npmCi};; test) ${npmTest};; esac`,
  );
  await cp(script, join(machine.root, ".ci", "run"), { recursive: true });
  const env = { PATH: `${machine.env.PATH}:${process.env.PATH}` };
  return await execa(join(machine.root, ".ci", "run"), [], { env, reject: false });
}

describe(".ci/run", () => {
  const table: [string, string, string, number, string][] = [
    ["all is well", "true", "echo '12 passed, 0 failed'", 0, "12 passed, 0 failed"],
    [
      "a test fails, and npm has more to say",
      "true",
      "echo '12 passed, 1 failed'; echo npm error; exit 1",
      1,
      "12 passed, 1 failed",
    ],
    ["the install fails", "exit 7", "echo '12 passed, 0 failed'", 7, "0 passed, 1 failed"],
    ["the tests say nothing", "true", "true", 1, "0 passed, 1 failed"],
    [
      "a test prints what looks like a sum",
      "true",
      "echo '99 passed, 0 failed'; echo '1 passed, 2 failed'; exit 1",
      1,
      "1 passed, 2 failed",
    ],
  ];
  for (const [when, npmCi, npmTest, code, last] of table) {
    it(`ends with "${last}" and code ${code} when ${when}`, async () => {
      const { exitCode, stdout } = await run(npmCi, npmTest);
      assert.deepEqual([stdout.split("\n").at(-1), exitCode], [last, code], stdout);
    });
  }

  it("installs from the lockfile, then runs the tests, unattended", async () => {
    const { stdout } = await run("cat", "echo '1 passed, 0 failed'");
    assert.match(stdout, /^\+ npm ci\nnpm ci CI=true\n\+ npm test\nnpm test CI=true\n/);
  });
});
