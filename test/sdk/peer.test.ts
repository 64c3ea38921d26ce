import assert from "node:assert/strict";
import { createRequire } from "node:module";
import * as pulumi from "@pulumi/pulumi";
import { execa } from "execa";
import manifest from "../../package.json" with { type: "json" };
import { load } from "../../sdk/pulumi.ts";

/** `require` where @pulumi/pulumi has this version, as one module and no others, or is missing. */
function requireWith(version?: string): NodeJS.Require {
  const found = { "@pulumi/pulumi/package.json": { version }, "@pulumi/pulumi": { is: "pulumi" } };
  const fake = (name: keyof typeof found) => {
    if (version !== undefined && found[name]) return found[name];
    throw Object.assign(new Error(`Cannot find module '${name}'`), { code: "MODULE_NOT_FOUND" });
  };
  return fake as unknown as NodeJS.Require;
}

describe("the @pulumi/pulumi of a program", () => {
  for (const version of ["3.248.0", "3.270.0", "4.0.0"])
    it(`is taken: ${version}`, () => assert.deepEqual(load(requireWith(version)), { is: "pulumi" }));

  it("may be as old as package.json says, and no older", () => {
    const [, major, minor] = /^\D*(\d+)\.(\d+)/.exec(manifest.peerDependencies["@pulumi/pulumi"]) ?? [];
    assert.deepEqual(load(requireWith(`${major}.${minor}.0`)), { is: "pulumi" });
    assert.throws(() => load(requireWith(`${major}.${Number(minor) - 1}.99`)), /or newer/);
  });

  const rows: [what: string, version: string | undefined, sentence: RegExp][] = [
    [
      "is too old",
      "3.99.1",
      /^pulumi-clusterops needs @pulumi\/pulumi 3\.248\.0 or newer, and finds 3\.99\.1: npm install @pulumi\/pulumi@latest$/,
    ],
    [
      "is missing",
      undefined,
      /^pulumi-clusterops finds no @pulumi\/pulumi beside it: npm install @pulumi\/pulumi in the folder of the program/,
    ],
  ];
  for (const [what, version, sentence] of rows) {
    it(`${what}: one sentence, without a stack`, () =>
      assert.throws(
        () => load(requireWith(version)),
        (error: Error) => {
          assert.match(error.message, sentence);
          assert.equal(error.stack, `Error: ${error.message}`);
          return true;
        },
      ));
  }

  it("is loaded in parts: without the Automation API, and what turns functions into text", async () => {
    const program = `
      import { createRequire } from "node:module";
      await import("./sdk/index.ts");
      const { cache } = createRequire(import.meta.url);
      console.log(Object.keys(cache).join("\\n"));`;
    const { stdout } = await execa(process.execPath, ["--input-type=module", "-e", program]);
    const loaded = stdout.replaceAll("\\", "/").split("\n");
    assert.ok(loaded.some((file) => file.endsWith("@pulumi/pulumi/resource.js")));
    assert.deepEqual(
      loaded.filter((file) =>
        /@pulumi\/pulumi\/(index|automation|runtime\/index|runtime\/closure\/serialize)|typescript/.test(
          file,
        ),
      ),
      [],
    );
  });

  it("is the one of the program, in parts or whole", () => {
    const parts = load(createRequire(import.meta.url));
    const [whole, runtime] = [pulumi as Record<string, unknown>, pulumi.runtime as Record<string, unknown>];
    for (const [name, value] of Object.entries(parts))
      if (name !== "log" && name !== "runtime" && name in whole) assert.equal(whole[name], value, name);
    for (const [name, value] of Object.entries(parts.runtime))
      if (name in runtime) assert.equal(runtime[name], value, name);
    assert.equal(parts.CustomResource, pulumi.CustomResource);
    assert.equal(parts.runtime.invoke, pulumi.runtime.invoke);
    assert.equal(parts.log.warn, pulumi.log.warn);
  });
});
