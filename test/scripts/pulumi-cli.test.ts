import assert from "node:assert/strict";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { goBuild } from "../../scripts/pulumi-cli/go-build.ts";
import { cliVersion, goMinimum, goModule, isAtLeast } from "../../scripts/pulumi-cli/layout.ts";
import { ensurePulumi } from "../../scripts/pulumi-cli.ts";
import { FakeMachine } from "./fake-machine.ts";

describe("the Pulumi CLI that is there", () => {
  it("is taken from PATH when its hosts are beside it", async () => {
    await using machine = await FakeMachine.create();
    const bin = await machine.cli("bin", "3.300.1");
    assert.deepEqual(await ensurePulumi({ ...machine, ways: [] }), { bin, version: "3.300.1" });
  });

  it("is taken from the version folder of PULUMI_HOME", async () => {
    await using machine = await FakeMachine.create();
    const bin = await machine.cli(`pulumi/versions/${cliVersion}/bin`);
    assert.deepEqual(await ensurePulumi({ ...machine, ways: [] }), { bin, version: cliVersion });
  });

  const passedOver: [string, (machine: FakeMachine) => Promise<unknown>, RegExp?][] = [
    [
      "older than what works",
      (machine) => machine.cli("bin", "3.247.9"),
      /3\.247\.9 is older than 3\.248\.0/,
    ],
    [
      "without the language host",
      (machine) => machine.cli("bin", "3.300.0", "languageHost"),
      /pulumi-language-nodejs/,
    ],
    [
      "without the dynamic host",
      (machine) => machine.cli("bin", "3.300.0", "dynamicHost"),
      /pulumi-resource-pulumi/,
    ],
    ["that does not answer", (machine) => machine.cli("bin", "?"), /does not answer `pulumi version`/],
    ["that is the npm package's launcher", (machine) => machine.cli("node_modules/.bin")],
  ];
  for (const [what, install, reason] of passedOver) {
    it(`is skipped on PATH, with the reason: one ${what}`, async () => {
      await using machine = await FakeMachine.create();
      await install(machine);
      const env = { ...machine.env, PATH: `${machine.env.PATH}:${machine.root}/node_modules/.bin` };
      await assert.rejects(ensurePulumi({ say: machine.say, env, ways: [] }), /none here/);
      if (reason) assert.match(machine.said[0] ?? "", reason);
    });
  }

  const notWhole: [string, (machine: FakeMachine, folder: string) => Promise<unknown>][] = [
    ["empty", (machine, folder) => mkdir(join(machine.root, folder), { recursive: true })],
    ["without a host", (machine, folder) => machine.cli(folder, cliVersion, "languageHost")],
    ["of another version", (machine, folder) => machine.cli(folder, "3.258.0")],
  ];
  for (const [what, prepare] of notWhole) {
    it(`is made anew when the version folder is ${what}`, async () => {
      await using machine = await FakeMachine.create();
      await prepare(machine, `pulumi/versions/${cliVersion}/bin`);
      await machine.go();
      const { version } = await ensurePulumi({ ...machine, ways: [goBuild()] });
      assert.equal(version, cliVersion);
      assert.deepEqual(await readdir(join(machine.versionFolder, "..")), [cliVersion]);
    });
  }
});

describe("where the Pulumi CLI cannot be had", () => {
  it("one message names the three ways out and why each is closed", async () => {
    await using machine = await FakeMachine.create();
    const closed = { name: "official download", make: () => Promise.reject(new Error("no route")) };
    const failure = await ensurePulumi({ ...machine, ways: [closed, goBuild()] }).catch(
      (error: Error) => error.message,
    );
    assert.match(String(failure), /install Pulumi 3\.248\.0 or newer/);
    assert.match(String(failure), /allow the download of 3\.259\.0/);
    assert.match(String(failure), /install Go 1\.25\.11 or newer/);
    assert.match(String(failure), /\(official download: no route\)\n\(build with Go: go is not installed\)/);
  });
});

describe("the pinned versions", () => {
  it("are the same in the npm package and in go.mod", async () => {
    const goMod = await readFile(join(goModule("pulumi"), "go.mod"), "utf8");
    const [, version] = /github\.com\/pulumi\/pulumi\/pkg\/v3 v(\S+)/.exec(goMod) ?? [];
    assert.equal(version, cliVersion);
    assert.equal(goMinimum(), "1.25.11");
  });

  it("are compared as numbers", () => {
    const table = [
      ["1.25.11", true],
      ["1.26.8", true],
      ["1.25.9", false],
      ["1.3", false],
      ["2.0.0", true],
    ] as const;
    for (const [version, expected] of table) assert.equal(isAtLeast(version, "1.25.11"), expected, version);
  });
});
