import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { World } from "./worlds/index.ts";

export type Properties = Record<string, unknown>;

/** What a release has written into state for one resource, and the situation on the remote system at that moment. */
export interface GoldenState {
  /** Which state of the type it is, in words. */
  name: string;
  /** `unfinished`: a handle was kept; `failed`: the job had ended badly. */
  outcome: "finished" | "unfinished" | "failed";
  /** The inputs as the program has them. */
  program: Properties;
  id: string;
  /** The inputs as `check` completed them: what the engine records as inputs. */
  inputs: Properties;
  /** As `create` or `update` answered: what the engine records as outputs, hidden keys (`__...`) among them. */
  outputs: Properties;
  /** What an unfinished or failed one said of itself. */
  reasons?: string[];
  /** The simulator's situation right after. */
  world: World;
}

/** All recorded states of one resource type. */
export interface GoldenType {
  /** Version of the release that has written them. */
  release: string;
  /** E.g. `redis:NodeMaintenance`. */
  type: string;
  /** The type in Pulumi state. */
  token: string;
  states: GoldenState[];
}

/** Every type's states as a release has written them. */
export function readStates(release: string): GoldenType[] {
  const folder = folderOf(release);
  return readdirSync(folder)
    .filter((file) => /^\w+\.\w+\.json$/.test(file) && !file.startsWith("stack."))
    .sort()
    .map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")));
}

export function folderOf(release: string): string {
  return join(import.meta.dirname, release);
}

export function fileOf({ release, type }: Pick<GoldenType, "release" | "type">): string {
  return join(folderOf(release), `${type.replace(":", ".")}.json`);
}
