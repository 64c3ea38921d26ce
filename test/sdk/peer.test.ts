import assert from "node:assert/strict";
import manifest from "../../package.json" with { type: "json" };
import { load } from "../../sdk/pulumi.ts";

/** `require` where @pulumi/pulumi has this version, or is missing. */
function requireWith(version?: string): NodeJS.Require {
  const found = { "@pulumi/pulumi/package.json": { version }, "@pulumi/pulumi": { is: "pulumi" } };
  const fake = (name: keyof typeof found) => {
    if (version !== undefined) return found[name];
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
});
