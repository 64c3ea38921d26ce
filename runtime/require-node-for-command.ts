/** As require-node.ts, for a command. */
import { tooOld } from "./node-version.ts";

const problem = tooOld();
if (problem !== undefined) {
  process.stderr.write(`${problem}\n`);
  process.exit(1);
}
