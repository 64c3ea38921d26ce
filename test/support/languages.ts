import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync } from "node:fs";
import { cp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { makeSdks } from "../../scripts/sdks/make-sdks.ts";

/*
 * Programs in other languages, where this machine has these. What is built or fetched for them is kept in .cache: the first run may take
 * minutes, the next ones do not.
 */

const root = join(import.meta.dirname, "..", "..");
const cache = join(root, ".cache", "languages");
const schema = join(root, "plugin", "schema.json");
const goModule = "github.com/pulumi-clusterops/pulumi-clusterops/sdks/go";

/** How long what has to be fetched or built may take, in milliseconds. */
const limit = 240_000;

/** Why a test cannot run on this machine. */
class Missing extends Error {}

/** For `before`: skips all tests, saying why, where the machine lacks what they need. */
export async function orSkip<T>(test: Mocha.Context, prepare: () => Promise<T>): Promise<T> {
  test.timeout(3 * limit);
  try {
    return await prepare();
  } catch (error) {
    if (!(error instanceof Missing)) throw error;
    console.log(`    not run: ${error.message}`);
    return test.skip();
  }
}

/** The packages for Python and Go, as `npm run sdks` makes them. */
async function sdks(): Promise<string> {
  const target = join(cache, `sdks-${hashOf([schema, ...globSync("scripts/pulumi-cli/pulumi/sdks/*")])}`);
  await once(target, async (fresh) => {
    try {
      await makeSdks(fresh, { env: process.env, say: (line) => console.log(`    ${line}`), limit });
    } catch (error) {
      throw outOfReach(error as Error);
    }
  });
  return target;
}

/** A Python that has Pulumi's SDK and this package's. @returns the interpreter, and the environment that it needs */
export async function python(): Promise<{ bin: string; env: NodeJS.ProcessEnv }> {
  const folder = await sdks();
  const [, version] =
    /"pulumi(>=[^"]*)"/.exec(await readFile(join(folder, "python/pyproject.toml"), "utf8")) ?? [];
  const wanted = [`pulumi${version}`, "parver", "semver", "setuptools", "wheel"];
  const found = await execa("python3", ["--version"], { reject: false });
  const [, minor = 0] = /^Python 3\.(\d+)/.exec(found.stdout ?? "") ?? [];
  if (Number(minor) < 9) throw new Missing("there is no Python 3.9 or newer (python3)");
  const venv = join(cache, `python-3.${minor}-${hashOf([], wanted.join())}`);
  // A virtual environment does not move: it is made where it stays, and marked when it is whole.
  const mark = join(venv, "whole");
  if (!existsSync(mark)) {
    const steps = [
      ["python3", "-m", "venv", venv],
      [join(venv, "bin", "python"), "-m", "pip", "install", "--quiet", ...wanted],
    ];
    for (const [file = "", ...args] of steps) await reached(file, args);
    await writeFile(mark, "");
  }
  const bin = join(venv, "bin", "python");
  const packages = `${folder}-python-3.${minor}`;
  await once(packages, async (fresh) => {
    const offline = ["--no-deps", "--no-build-isolation", "--no-index", "--quiet"];
    await execa(bin, ["-m", "pip", "install", ...offline, "--target", fresh, join(folder, "python")]);
  });
  return { bin, env: { PYTHONPATH: packages, PYTHONUNBUFFERED: "1" } };
}

/** The program of an example in Go, built, with what a test cannot wait for changed: `edit` of main.go. */
export async function goProgram(example: string, edit: (text: string) => string): Promise<string> {
  const folder = await sdks();
  const source = join(root, "examples", example);
  const main = edit(readFileSync(join(source, "main.go"), "utf8"));
  const program = join(cache, `${example}-${hashOf([schema, join(source, "go.sum")], main)}`);
  await once(program, async (fresh) => {
    const module = `${fresh}-source`;
    await cp(source, module, { recursive: true });
    await writeFile(join(module, "main.go"), main);
    try {
      const options = { cwd: module, env: { GOWORK: "off", GOFLAGS: "-mod=mod" }, timeout: limit };
      await execa("go", ["mod", "edit", `-replace=${goModule}=${folder}/go`], options);
      await reached("go", ["mod", "download"], options);
      await execa("go", ["build", "-trimpath", `${goModule}/...`], options);
      await execa("go", ["build", "-trimpath", "-ldflags", "-s -w", "-o", fresh, "."], options);
    } finally {
      await rm(module, { recursive: true, force: true });
    }
  });
  return program;
}

const yamlHost = "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml";

/** The folder of Pulumi's language host for YAML, which is not among what this checkout builds of the CLI. */
export async function yaml(): Promise<string> {
  const target = join(cache, "yaml-1.25.0");
  await once(target, async (fresh) => {
    console.log("    Building Pulumi's language host for YAML");
    const env = { GOBIN: fresh, GOFLAGS: "-mod=mod", GOWORK: "off" };
    await reached("go", ["install", "-trimpath", "-ldflags", "-s -w", `${yamlHost}@v1.25.0`], { env });
  });
  return target;
}

/** Makes a file or folder aside and moves it into place, unless it is there: several processes may want it at once. */
async function once(target: string, make: (fresh: string) => Promise<void>): Promise<void> {
  if (existsSync(target)) return;
  await mkdir(cache, { recursive: true });
  const fresh = `${target}-${process.pid}`;
  try {
    await make(fresh);
    await rename(fresh, target).catch((error) => assert.ok(existsSync(target), error));
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

/** A step that needs the network. */
async function reached(
  file: string,
  args: string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<void> {
  try {
    await execa(file, args, { timeout: limit, ...options });
  } catch (error) {
    throw outOfReach(error as Error);
  }
}

/** What is no fault of ours: a tool that is not there, or a registry. */
function outOfReach(error: Error): Error {
  const isOutside =
    /needs Go|ENOENT|ensurepip|dial tcp|no such host|i\/o timeout|deadline|proxy|stopped after|timed out|Could not find a version|Connection|Temporary failure/i;
  return isOutside.test(error.message) ? new Missing(error.message.split("\n").slice(0, 2).join(" ")) : error;
}

function hashOf(files: string[], text = ""): string {
  const hash = createHash("sha256").update(text);
  for (const file of files.sort()) hash.update(readFileSync(file));
  return hash.digest("hex").slice(0, 12);
}
