import { Permit } from "../../provider/core/http/permit.ts";

/** A permit that does not age, for tests of single calls. */
export const freely = Permit.issue(undefined);
