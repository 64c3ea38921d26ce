import assert from "node:assert/strict";
import { readdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { officialDownload } from "../../scripts/pulumi-cli/download.ts";
import { goBuild } from "../../scripts/pulumi-cli/go-build.ts";
import { cliVersion } from "../../scripts/pulumi-cli/layout.ts";
import { ensurePulumi } from "../../scripts/pulumi-cli.ts";
import { FakeMachine } from "./fake-machine.ts";

/** A download site: it answers, or it takes the connection and says nothing. */
async function downloadSite({ answers }: { answers: boolean }) {
  const server = createServer((_, response) => void (answers && response.end()));
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { probe: `http://127.0.0.1:${port}/`, [Symbol.dispose]: close };
}

/** Stands for the npm package's launcher: makes what it is told to below PULUMI_HOME. */
async function launcher(machine: FakeMachine, { makes = cliVersion, ends = "" } = {}): Promise<string> {
  const file = join(machine.root, "launcher.mjs");
  const text = `import { mkdirSync, writeFileSync } from "node:fs";
    const bin = process.env.PULUMI_HOME + "/versions/" + process.env.PULUMI_VERSION + "/bin";
    mkdirSync(bin, { recursive: true });
    for (const name of ["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"])
      writeFileSync(bin + "/" + name, "#!/bin/sh\\necho v${makes}\\n", { mode: 0o755 });
    ${ends}`;
  await writeFile(file, text);
  return file;
}

describe("the official download", () => {
  it("is made by the npm package's launcher, beside the version folder, and moved into place", async () => {
    await using machine = await FakeMachine.create();
    using site = await downloadSite({ answers: true });
    const ways = [officialDownload({ ...site, launcher: await launcher(machine) })];
    assert.deepEqual(await ensurePulumi({ ...machine, ways }), {
      bin: join(machine.versionFolder, "bin", "pulumi"),
      version: cliVersion,
    });
    assert.deepEqual(await readdir(join(machine.versionFolder, "..")), [cliVersion]);
  });

  const closed: [string, { answers: boolean }, { makes?: string; ends?: string }, RegExp][] = [
    ["the site says nothing", { answers: false }, {}, /127\.0\.0\.1:\d+ cannot be reached/],
    ["the download hangs", { answers: true }, { ends: "setInterval(() => {}, 1000)" }, /stopped after 1 s/],
    [
      "the download fails",
      { answers: true },
      { ends: "console.error('HTTP 403'); process.exit(1)" },
      /HTTP 403/,
    ],
    ["it brings something else", { answers: true }, { makes: "1.0.0" }, /does not answer as 3\.259\.0/],
  ];
  for (const [what, answers, does, said] of closed) {
    it(`gives way to the build with Go when ${what}`, async () => {
      await using machine = await FakeMachine.create();
      await machine.go();
      using site = await downloadSite(answers);
      const download = officialDownload({
        ...site,
        launcher: await launcher(machine, does),
        probeLimit: 300,
        limit: 1_000,
      });
      const { version } = await ensurePulumi({ ...machine, ways: [download, goBuild()] });
      assert.equal(version, cliVersion);
      assert.match(machine.said.join("\n"), said);
    });
  }
});
