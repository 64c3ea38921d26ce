import { directDoor } from "./door.ts";
import { cases, everyTypeHasItsCase, rules } from "./rules.ts";
import { Tables } from "./tables.ts";

describe("every resource", () => {
  it("has its case in this suite", everyTypeHasItsCase);
  rules({ door: directDoor, cases, tables: new Tables(96) });
});
