/**
 * `npm run sdks`: the packages for programs in Python and Go, made of the plugin's schema, into sdks/. With Pulumi's own generators, which
 * are built from their Go modules.
 */
import { join, relative } from "node:path";
import { buildIfStale } from "./quickstart/build-if-stale.ts";
import { makeSdks } from "./sdks/make-sdks.ts";

const root = join(import.meta.dirname, "..");
const folder = join(root, "sdks");
const goModulePath = "github.com/pulumi-clusterops/pulumi-clusterops/sdks/go";

try {
  await buildIfStale(root);
  const say = (line: string) => console.log(line);
  await makeSdks(folder, { env: process.env, say });
  const path = `./${relative(process.cwd(), folder).replaceAll("\\", "/")}`;
  console.log(`Python: pip install ${path}/python`);
  console.log(`Go: go mod edit -replace=${goModulePath}=${path}/go`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
