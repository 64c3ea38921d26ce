import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { startAspire, startFactFinder, startRedis, startTcf } from "../../../simulators/index.ts";
import { blocksOf, root } from "../../docs/blocks.ts";
import {
  configuration,
  needsTerraform,
  source,
  succeeded,
  TerraformProject,
} from "../../support/terraform.ts";

const terraformBlock = `terraform {
  required_providers {
    clusterops = { source = "${source}" }
  }
}
`;

describe("what the documentation of the provider of Terraform shows", function () {
  this.timeout(60_000);
  before(needsTerraform);

  it("is planned: the example of each resource and data source, in one configuration", async () => {
    await using redis = await startRedis();
    await using tcf = await startTcf();
    await using factfinder = await startFactFinder();
    await using aspire = await startAspire({ seeds: ["seed-1", "seed-2"] });
    const [east = "", west = ""] = tcf.clusters.map((cluster) => cluster.endpoints[0] as string);
    const [one = "", two = ""] = factfinder.workers.map(({ url }) => url);
    const folder = join(root, "docs", "examples", "terraform");
    const examples = globSync("*.tf", { cwd: folder }).map((file) => [
      file,
      readFileSync(join(folder, file), "utf8"),
    ]);
    const connections = {
      redis: redis.endpoints[0] as string,
      "tcf-east": east,
      "tcf-west": west,
      factfinder: factfinder.director.url,
      "worker-1": one,
      "worker-2": two,
      aspire: aspire.endpoints[0] as string,
    };
    redis.node(2).start("maintenance_on").finish();
    redis.node(2).start("maintenance_off").finish();
    using project = new TerraformProject({
      files: { ...Object.fromEntries(examples), "main.tf": configuration(connections, "") },
    });
    succeeded(await project.plan());
  });

  it("is valid: the blocks of the pages", async () => {
    const pages = ["README.md", "docs/terraform.md", "docs/index.md"];
    const blocks = pages.flatMap(blocksOf).filter(({ language }) => language === "terraform");
    const files = blocks.map(({ text }, index) => [
      `${index}/main.tf`,
      text.includes("required_providers") ? text : `${terraformBlock}${text}`,
    ]);
    using project = new TerraformProject({ files: Object.fromEntries(files) });
    for (const [file = ""] of files)
      succeeded(await project.run(`-chdir=${file.replace("/main.tf", "")}`, "validate"));
  });
});
