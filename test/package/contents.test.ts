import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import manifest from "../../package.json" with { type: "json" };
import { built } from "../support/built.ts";
import { type Packed, pack, root } from "./packed.ts";

/** What users need: what they import, its types, what both read, and what they read themselves. */
const wanted = [
  /^dist\/(runtime|provider|doors|sdk|simulators|cli)\/[\w/-]+\.(js|d\.ts)$/,
  /^(dist|plugin|terraform)\/third-party-licenses\.txt$/,
  /^plugin\/((clusterops|traces)\.mjs|schema\.json|pulumi-resource-clusterops(\.cmd)?)$/,
  /^terraform\/((clusterops|traces)\.mjs|terraform-provider-clusterops(\.cmd)?)$/,
  /^(package\.json|README\.md|LICENSE|CHANGELOG\.md|SECURITY\.md|docs\/[\w-]+\.md)$/,
];

describe("the packed package", () => {
  let packed: Packed;

  before(async function () {
    await built.call(this);
    packed = await pack();
  });
  after(() => packed[Symbol.asyncDispose]());

  it("holds what users need and nothing else", () => {
    assert.deepEqual(
      packed.files.filter((file) => !wanted.some((pattern) => pattern.test(file))),
      [],
    );
    for (const file of ["README.md", "LICENSE", "CHANGELOG.md", "dist/sdk/index.js", "dist/sdk/index.d.ts"])
      assert.ok(packed.files.includes(file), file);
  });

  it("has types beside each module", () => {
    const modules = packed.files.filter((file) => file.endsWith(".js"));
    assert.deepEqual(
      modules.filter((file) => !packed.files.includes(file.replace(/\.js$/, ".d.ts"))),
      [],
    );
  });

  it("brings everything along: beside it only Pulumi is installed", () => {
    assert.equal("dependencies" in manifest, false);
    assert.deepEqual(Object.keys(manifest.peerDependencies), ["@pulumi/pulumi"]);
  });

  it("has the licence of each package whose code it holds", () => {
    const texts = packed.files
      .filter((file) => file.endsWith(".js"))
      .map((file) => readFileSync(join(root, file), "utf8"));
    const held = new Set(
      texts.flatMap((text) =>
        [...text.matchAll(/^\s*\/\/ node_modules\/((?:@[^/]+\/)?[^/]+)\//gm)].map(
          ([, name]) => name as string,
        ),
      ),
    );
    assert.ok(held.has("undici"));
    const licenses = readFileSync(join(root, "dist/third-party-licenses.txt"), "utf8");
    assert.deepEqual(
      [...held].filter((name) => !new RegExp(`^${name} \\d.*\\n\\n[^]*?[Cc]opyright`, "m").test(licenses)),
      [],
    );
  });

  it("calls errors by their names: none has lost it to another package's", () => {
    const source = readFileSync(join(root, "provider/core/data/errors.ts"), "utf8");
    const names = [...source.matchAll(/class (\w+) extends/g)].map(([, name]) => name as string);
    assert.ok(names.length > 5);
    const host = readFileSync(join(root, "dist/doors/dynamic/dynamic-host.js"), "utf8");
    assert.deepEqual(
      names.filter((name) => !host.includes(`var ${name} = class extends `)),
      [],
    );
  });

  it("has what its package.json points to", () => {
    const targets = [
      manifest.main,
      manifest.types,
      ...Object.values(manifest.bin),
      ...Object.values(manifest.exports).flatMap((target) =>
        typeof target === "string" ? [target] : Object.values(target),
      ),
    ].map((target) => target.replace(/^\.\//, ""));
    assert.deepEqual(
      targets.filter((target) => !packed.files.includes(target)),
      [],
    );
  });

  it("starts its commands with node, wherever that is", () => {
    for (const bin of Object.values(manifest.bin))
      assert.match(readFileSync(join(root, bin), "utf8"), /^#!\/usr\/bin\/env node\n/);
    for (const bin of Object.values(manifest.bin))
      assert.equal(statSync(join(root, bin)).mode & 0o111, 0o111, bin);
  });

  it("names no path of the machine that built it", () => {
    const paths = [root, `${homedir()}/`, process.execPath];
    for (const file of packed.files) {
      const text = readFileSync(join(root, file), "utf8");
      assert.deepEqual(
        paths.filter((path) => path.length > 1 && text.includes(path)),
        [],
        file,
      );
      assert.doesNotMatch(text, /file:\/\/\/(?!item)[a-z]/i, file);
    }
  });

  it("says in its changelog what the version brings", () => {
    assert.ok(existsSync(join(root, "CHANGELOG.md")));
    assert.match(readFileSync(join(root, "CHANGELOG.md"), "utf8"), /^## \[/m);
  });
});
