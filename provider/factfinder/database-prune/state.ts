import { clock } from "../../core/data/clock.ts";
import { Refusal } from "../../core/data/errors.ts";
import type { CallOptions, Http } from "../../core/http/call.ts";
import type { Scope } from "../../core/work/scope.ts";
import { waitFor } from "../../core/work/wait.ts";
import { type DatabaseState, getDatabaseState } from "../client.ts";
import { labelOf } from "../system.ts";
import { type PruneMark, readImports } from "./evidence.ts";

/** A state whose databaseVersion is known. */
export type Versioned = DatabaseState & Pick<PruneMark, "databaseVersion" | "from">;

/** The same with what explains it. */
export type Explained = Versioned & Required<Pick<PruneMark, "imports" | "at">>;

/** What is there now, for what comes to be told from. @param from the endpoint to ask, where one has told something before */
export async function readMark(scope: Scope, channel: string, from?: string): Promise<Explained> {
  const imports = await readImports(scope, channel, from);
  const at = clock.now();
  return { ...(await readVersion(scope.http, channel, at1(scope, from))), imports, at };
}
