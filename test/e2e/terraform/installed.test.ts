import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startRedis } from "../../../simulators/index.ts";
import {
  configuration,
  needsTerraform,
  source,
  succeeded,
  TerraformProject,
} from "../../support/terraform.ts";

describe("npm run package:terraform", function () {
  this.timeout(60_000);
  let mirror: string;
  before(async function () {
    await needsTerraform.call(this);
    mirror = mkdtempSync(join(tmpdir(), "clusterops-mirror-"));
    execFileSync(process.execPath, ["scripts/terraform/package.ts", mirror]);
  });
  after(() => {
    if (mirror) rmSync(mirror, { recursive: true, force: true });
  });

  it("makes an archive for each platform, and their checksums", () => {
    const folder = join(mirror, source);
    const names = readdirSync(folder);
    for (const platform of ["linux_amd64", "linux_arm64", "darwin_amd64", "darwin_arm64", "windows_amd64"])
      assert.ok(
        names.some((name) => name.endsWith(`_${platform}.zip`)),
        platform,
      );
    const sums = readFileSync(join(folder, names.find((name) => name.endsWith("_SHA256SUMS")) ?? ""), "utf8");
    for (const line of sums.trim().split("\n")) {
      const [sum, file = ""] = line.split("  ");
      const content = readFileSync(join(folder, file));
      assert.equal(createHash("sha256").update(content).digest("hex"), sum, file);
      assert.ok(content.length < 1_500_000, `${file}: ${content.length} bytes`);
    }
  });

  it("is installed from a filesystem mirror, without anything else, and works", async () => {
    await using redis = await startRedis({ actionMs: 20 });
    const files = configuration(
      { redis: redis.endpoints[0] as string },
      `resource "clusterops_redis_node_maintenance" "window" {\n  node_uid = 2\n}`,
    );
    using project = new TerraformProject({ files, mirror });
    succeeded(await project.run("init", "-no-color"));
    succeeded(await project.apply());
    assert.equal(redis.node(2).inMaintenance, true);
    succeeded(await project.destroy());
    assert.equal(redis.node(2).inMaintenance, false);
  });
});
