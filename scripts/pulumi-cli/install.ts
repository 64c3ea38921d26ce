import { chmod, mkdir, mkdtemp, open, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { lock } from "proper-lockfile";
import { cliVersion, versionFolder } from "./layout.ts";
import { findInVersionFolder } from "./present.ts";

export interface CliContext {
  env: NodeJS.ProcessEnv;
  /** Shows one line to the person who waits. */
  say(line: string): void;
  /** Milliseconds after which the lock of a killed process is taken over. Default 15 s, at least 2 s. */
  staleAfter?: number;
}

/** One way of getting the CLI. */
export interface Way {
  name: string;
  /**
   * Makes a version folder (one with `bin/pulumi` and the two hosts in it) somewhere below `staging` and returns its path.
   * Fails with an Error that says why this way does not work. Has a deadline of its own.
   */
  make(staging: string, context: CliContext & { signal: AbortSignal }): Promise<string>;
}

/** Every way failed; one reason each. */
export class WayFailed extends Error {
  readonly reasons: string[];
  constructor(reasons: string[]) {
    super(reasons.join("; "));
    this.name = "WayFailed";
    this.reasons = reasons;
  }
}

/**
 * Puts the CLI into the version folder by the first way that succeeds. Of several processes one installs and the others wait for it;
 * the folder appears by a rename, so it is complete or absent.
 */
export async function installOnce(ways: Way[], context: CliContext): Promise<void> {
  const folder = versionFolder(context.env);
  await mkdir(dirname(folder), { recursive: true });
  const lost = new AbortController();
  const release = await lockFolder(folder, context, lost);
  try {
    if (await findInVersionFolder(context.env)) return;
    await clearLeftovers(folder);
    const staging = await mkdtemp(`${folder}.new-`);
    try {
      const made = await firstThatWorks(ways, staging, { ...context, signal: lost.signal });
      lost.signal.throwIfAborted();
      await moveIntoPlace(made, folder, staging);
    } finally {
      await rm(staging, { recursive: true, force: true });
    }
  } finally {
    if (!lost.signal.aborted) await release();
  }
}

async function lockFolder(
  folder: string,
  { say, staleAfter = 15_000 }: CliContext,
  lost: AbortController,
): Promise<() => Promise<void>> {
  const started = Date.now();
  for (let tries = 0; ; tries++) {
    try {
      return await lock(folder, {
        realpath: false,
        stale: staleAfter,
        onCompromised: (cause) => lost.abort(new Error("another process took the lock over", { cause })),
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
      const waited = Math.round((Date.now() - started) / 1000);
      if (tries % 60 === 0)
        say(`Pulumi CLI ${cliVersion}: another process is getting it; waiting (${waited} s)`);
      await sleep(500);
    }
  }
}

async function firstThatWorks(
  ways: Way[],
  staging: string,
  context: CliContext & { signal: AbortSignal },
): Promise<string> {
  const reasons: string[] = [];
  for (const { name, make } of ways) {
    try {
      const made = await make(await mkdtemp(join(staging, "way-")), context);
      if (await findInVersionFolder(context.env, made)) return made;
      reasons.push(`${name}: what came out does not answer as ${cliVersion}`);
    } catch (error) {
      context.signal.throwIfAborted();
      reasons.push(`${name}: ${error instanceof Error ? error.message : error}`);
    }
    context.say(reasons.at(-1) ?? "");
  }
  throw new WayFailed(reasons);
}

// Removes what a killed process left. Only called under the lock, so no process is using it.
async function clearLeftovers(folder: string): Promise<void> {
  const parent = dirname(folder);
  for (const name of await readdir(parent)) {
    if (name.startsWith(`${basename(folder)}.new-`))
      await rm(join(parent, name), { recursive: true, force: true });
  }
}

async function moveIntoPlace(made: string, folder: string, staging: string): Promise<void> {
  const bin = join(made, "bin");
  for (const name of await readdir(bin)) await syncToDisk(join(bin, name));
  // An interrupted `npx pulumi` leaves an incomplete folder of that name; it is removed with the staging folder.
  await rename(folder, join(staging, "incomplete")).catch(ignoreMissing);
  await chmod(made, 0o755); // mkdtemp makes it 0700
  await rename(made, folder);
}

async function syncToDisk(file: string): Promise<void> {
  const handle = await open(file, "r+");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}
