import { cases, rules } from "../../rules/rules.ts";
import { Tables } from "../../rules/tables.ts";
import { terraformDoor } from "./door.ts";

/** One of each system: what differs behind this door is the door, and all resources share it. */
const sample = [
  "redis:NodeMaintenance",
  "tcf:ActiveCluster",
  "factfinder:DatabasePrune",
  "aspire:SeedRelease",
];

describe("behind the door of Terraform, a resource", () => {
  rules({
    door: terraformDoor,
    cases: cases.filter(({ type }) => sample.includes(type)),
    tables: new Tables(48),
  });
});
