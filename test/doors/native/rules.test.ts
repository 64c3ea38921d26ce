import { cases, rules } from "../../rules/rules.ts";
import { Tables } from "../../rules/tables.ts";
import { nativeDoor } from "./door.ts";

describe("behind the door of the native plugin, a resource", () => {
  rules({
    door: nativeDoor,
    cases,
    tables: new Tables(24),
  });
});
