/**
 * Runs the tests of the provider of Terraform on OpenTofu, which it builds once from its Go modules: minutes, so `npm test` does not. A
 * `tofu` that CLUSTEROPS_TERRAFORM names is taken instead.
 */
import { execFileSync } from "node:child_process";
import { existsSync, globSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..");
const version = "1.12.6";
const folder = join(root, ".cache", "tofu", version);
const program = process.env.CLUSTEROPS_TERRAFORM ?? join(folder, "tofu");

/** What OpenTofu's own go.mod says of its HCL: a module that depends on it has to say it again. */
const module = `module tofu

go 1.25

replace github.com/hashicorp/hcl/v2 v2.20.1 => github.com/opentofu/hcl/v2 v2.20.2-0.20251021132045-587d123c2828
`;

if (!existsSync(program)) {
  console.log(`building OpenTofu ${version} into ${folder}: some minutes`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "go.mod"), module);
  const go = (...words: string[]) => execFileSync("go", words, { cwd: folder, stdio: "inherit" });
  go("get", `github.com/opentofu/opentofu/cmd/tofu@v${version}`);
  go("build", "-o", "tofu", "github.com/opentofu/opentofu/cmd/tofu");
}
const files = globSync("test/e2e/terraform/*.test.ts", { cwd: root });
execFileSync(process.execPath, ["node_modules/mocha/bin/mocha.js", ...files], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, CLUSTEROPS_TERRAFORM: program },
});
