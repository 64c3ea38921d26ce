import assert from "node:assert/strict";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { execa } from "execa";
import { startRedis } from "../../simulators/index.ts";
import { Host } from "../doors/dynamic/host.ts";
import { registered } from "../doors/dynamic/resource.ts";
import { built } from "../support/built.ts";
import { install } from "./packed.ts";

describe("of an installed package is loaded one file,", function () {
  this.timeout(120_000);
  let folder: string;
  let list: string;
  let preload: string;

  before(async function () {
    await built.call(this);
    folder = realpathSync(await install());
    list = join(folder, "loaded.txt");
    preload = pathToFileURL(join(folder, "preload.mjs")).href;
    await writeFile(
      join(folder, "preload.mjs"),
      `import { appendFileSync } from "node:fs";
      import { registerHooks } from "node:module";
      const load = (url, context, next) => (appendFileSync(${JSON.stringify(list)}, url + "\\n"), next(url, context));
      registerHooks({ load });`,
    );
  });
  beforeEach(() => rm(list, { force: true }));
  after(() => rm(folder, { recursive: true, force: true }));

  /** The files that the process has loaded, builtin modules left out. */
  function loaded(): string[] {
    return (existsSync(list) ? readFileSync(list, "utf8") : "")
      .split("\n")
      .filter((url) => url.startsWith("file:"))
      .map((url) => relative(folder, fileURLToPath(url)).replaceAll(sep, "/"));
  }

  it("and nothing beside it, by Pulumi's dynamic provider host", async () => {
    await using redis = await startRedis();
    await using host = await Host.start(
      { "clusterops:connections": JSON.stringify({ redis: { endpoints: redis.endpoints } }) },
      { from: folder, preload },
    );
    const before = loaded().length;
    assert.ok(before > 50, "what Pulumi loads is seen");
    const resource = { nodeUid: 2, ...registered("redis:NodeMaintenance") };
    const { failures, inputs } = await host.check({}, { ...resource, __preview: false });
    assert.deepEqual(failures, []);
    const { id } = await host.create(inputs);
    assert.equal(id, "2");
    // What is said goes a way of its own, and may arrive after the answer: the test's own time-out ends this.
    while (host.logs.length === 0) await pause(20);
    assert.deepEqual(loaded().slice(before), [
      "node_modules/pulumi-clusterops/dist/doors/dynamic/dynamic-host.js",
    ]);
  });

  it("and Pulumi, by a program; a second one when it calls a function", async () => {
    await using redis = await startRedis();
    const program = `import { redis } from "pulumi-clusterops";
      console.log((await redis.getNodes({ connection: ${JSON.stringify({ endpoints: redis.endpoints })} })).nodes.length);`;
    await writeFile(join(folder, "program.mjs"), program);
    const { stdout } = await execa(process.execPath, ["--import", preload, "program.mjs"], { cwd: folder });
    assert.match(stdout, /^\d+$/);
    assert.deepEqual(
      loaded().filter((file) => file.startsWith("node_modules/pulumi-clusterops/")),
      ["sdk", "provider"].map((part) => `node_modules/pulumi-clusterops/dist/${part}/index.js`),
    );
    assert.deepEqual(
      loaded().filter((file) => /node_modules\/(undici|ajv|p-retry)\//.test(file)),
      [],
    );
  });
});
