import assert from "node:assert/strict";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { killTree } from "../../cli/rehearse/process-tree.ts";
import { goBuild } from "../../scripts/pulumi-cli/go-build.ts";
import { cliVersion } from "../../scripts/pulumi-cli/layout.ts";
import { ensurePulumi } from "../../scripts/pulumi-cli.ts";
import { FakeMachine } from "./fake-machine.ts";

const driver = join(import.meta.dirname, "build-cli.ts");

function buildInItsOwnProcess(machine: FakeMachine) {
  return execa(process.execPath, [driver], {
    env: machine.env,
    extendEnv: false,
    stdin: "ignore",
    reject: false,
  });
}

async function buildsStarted(machine: FakeMachine): Promise<number> {
  const log = await readFile(join(machine.root, "build.log"), "utf8").catch(() => "");
  return log.split("\n").filter((line) => line === "start").length;
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(20);
}

describe("the CLI built with Go", () => {
  it("lies in the version folder with both hosts, readable for everybody, and nothing lies beside it", async () => {
    await using machine = await FakeMachine.create();
    await machine.go();
    const { bin } = await ensurePulumi({ ...machine, ways: [goBuild()] });
    assert.equal(bin, join(machine.versionFolder, "bin", "pulumi"));
    const files = await readdir(join(machine.versionFolder, "bin"));
    assert.deepEqual(files, ["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"]);
    assert.equal((await stat(machine.versionFolder)).mode & 0o777, 0o755);
    assert.deepEqual(await readdir(join(machine.versionFolder, "..")), [cliVersion]);
  });

  it("comes from the committed go.mod and go.sum, whatever GOFLAGS say, with the version linked in", async () => {
    await using machine = await FakeMachine.create();
    await machine.go();
    await ensurePulumi({ ...machine, env: { ...machine.env, GOFLAGS: "-mod=mod" }, ways: [goBuild()] });
    const builds = (await readFile(join(machine.root, "go.log"), "utf8"))
      .split("\n")
      .filter((line) => /^build/.test(line));
    assert.equal(builds.length, 2);
    for (const line of builds) {
      assert.match(line, /-mod=readonly -trimpath -buildvcs=false/);
      assert.match(line, /version\.Version=v3\.259\.0/);
      assert.match(line, /GOTOOLCHAIN=local GOWORK=off$/);
    }
  });

  it("tells while it builds how long it has been at it and how far it is", async () => {
    await using machine = await FakeMachine.create();
    await machine.go({ seconds: 0.3 });
    await ensurePulumi({ ...machine, ways: [goBuild({ every: 100 })] });
    const progress = /^ {2}pulumi: 1 modules fetched, 2 of at most 3 packages compiled, \d+ s$/;
    assert.ok(machine.said.filter((line) => progress.test(line)).length >= 2, machine.said.join("\n"));
  });

  it("is not put in place when it does not answer with its version", async () => {
    await using machine = await FakeMachine.create();
    await machine.go({ builds: "0.0.1" });
    await assert.rejects(ensurePulumi({ ...machine, ways: [goBuild()] }), /does not answer as 3\.259\.0/);
    assert.deepEqual(await readdir(join(machine.versionFolder, "..")), []);
  });

  it("is given up when the build takes longer than its limit", async () => {
    await using machine = await FakeMachine.create();
    await machine.go({ seconds: 60 });
    await assert.rejects(
      ensurePulumi({ ...machine, ways: [goBuild({ limit: 500 })] }),
      /stopped after 0\.5 s/,
    );
  });

  const toolchains: [string, string, RegExp | undefined][] = [
    ["1.25.10", "local", /Go 1\.25\.10 is too old, 1\.25\.11 is needed/],
    ["1.20.1", "auto", /Go 1\.20\.1 is too old/],
    ["1.22.0", "auto", undefined],
    ["1.25.11", "local", undefined],
  ];
  for (const [version, toolchain, refused] of toolchains) {
    it(`${refused ? "is refused" : "works"} with Go ${version} and GOTOOLCHAIN=${toolchain}`, async () => {
      await using machine = await FakeMachine.create();
      await machine.go({ version, toolchain });
      const outcome = ensurePulumi({ ...machine, ways: [goBuild()] });
      if (refused) await assert.rejects(outcome, refused);
      else assert.equal((await outcome).version, cliVersion);
    });
  }
});

describe("two processes that need the CLI at once", () => {
  it("build it once, and both have it", async () => {
    await using machine = await FakeMachine.create();
    await machine.go({ seconds: 0.5 });
    const [one, two] = await Promise.all([buildInItsOwnProcess(machine), buildInItsOwnProcess(machine)]);
    const bin = join(machine.versionFolder, "bin", "pulumi");
    assert.deepEqual([one.stdout, two.stdout], [bin, bin], `${one.stderr}\n${two.stderr}`);
    assert.equal(await buildsStarted(machine), 2, "the CLI and its language host, once each");
    assert.match(`${one.stderr}${two.stderr}`, /another process is getting it; waiting/);
  });
});

describe("a build that is killed half-way", () => {
  it("leaves no CLI behind, and the next process takes over and cleans up", async () => {
    await using machine = await FakeMachine.create();
    await machine.go({ seconds: 60 });
    const killed = buildInItsOwnProcess(machine);
    await until(async () => (await buildsStarted(machine)) > 0);
    await killTree(killed.pid ?? 0);
    await killed;
    const left = await readdir(join(machine.versionFolder, ".."));
    assert.ok(!left.includes(cliVersion), left.join());

    await machine.go();
    const next = await buildInItsOwnProcess(machine);
    assert.equal(next.stdout, join(machine.versionFolder, "bin", "pulumi"), next.stderr);
    assert.deepEqual(await readdir(join(machine.versionFolder, "..")), [cliVersion]);
  });
});
