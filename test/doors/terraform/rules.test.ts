import { cases, rules } from "../../rules/rules.ts";
import { Tables } from "../../rules/tables.ts";
import { terraformDoor } from "./door.ts";

describe("behind the door of Terraform, a resource", () => {
  rules({
    door: terraformDoor,
    cases,
    tables: new Tables(16),
  });
});
