/*
 * Imported ahead of everything else: on an old Node.js what comes next fails in its own words and with its own stack. (The check is made
 * when modules are carried out, so none may import by name what an old Node.js does not have.)
 */
import { brief } from "./brief-error.ts";
import { tooOld } from "./node-version.ts";

const problem = tooOld();
if (problem !== undefined) throw brief(problem);
