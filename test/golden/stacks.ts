import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ExportedStack } from "../../scripts/pulumi-project.ts";
import { configurationValues, connectionsTo, type NamedConnection } from "../../simulators/configuration.ts";
import { type AllSimulators, startAll } from "../../simulators/index.ts";
import { folderOf } from "./states.ts";
import { federation0_1_0 } from "./worlds/tcf.ts";

/** A whole stack, as a release has written it: a folder with the program and what `pulumi stack export` showed after its `up`. */
export interface GoldenStack {
  /** `everything`: every class, all of it done. `unfinished`: everything takes longer than its timeout. */
  name: "everything" | "unfinished";
  release: string;
}

const long = 3_600_000;

/** The simulators for a golden stack. @param holds whether work that is started never ends by itself */
export function startSystems(holds: boolean): Promise<AllSimulators> {
  return startAll({
    // 0.1.0 knew only roles: a node of the role slave was a replica, whatever shards came to it later.
    redis: { nodes: 5, actionMs: holds ? long : 300, statusShards: "none" },
    tcf: federation0_1_0({ switchMs: holds ? long : 0 }),
    factfinder: { reload: "asynchronous", reloadMs: holds ? long : 60 },
  });
}

export function configurationOf(systems: AllSimulators, { name }: GoldenStack): Record<string, string> {
  const values = configurationValues(connectionsOf(systems));
  return name === "everything" ? { ...values, pauseUntil: "2030-01-31T06:00:00Z" } : values;
}

/** As 0.1.0 named them: the clusters of the federation by their ids. */
function connectionsOf(systems: AllSimulators): NamedConnection[] {
  const clusters = systems.tcf.clusters.map(({ id, endpoints }) => ({ name: id, endpoints, what: "" }));
  return [...connectionsTo(systems), ...clusters];
}

/** The folder with the program, for a project. */
export function programOf({ name, release }: GoldenStack): string {
  return join(folderOf(release), name);
}

/** The exported state, with the addresses of these systems. */
export function stateOf(stack: GoldenStack, systems: AllSimulators): string {
  const text = readFileSync(join(programOf(stack), "stack.json"), "utf8");
  return addresses(systems).reduce((sum, [written, real]) => sum.replaceAll(written, real), text);
}

/** The recorded outputs of the one resource of that name. */
export function recordedIn(stack: GoldenStack, name: string): Record<string, unknown> {
  const text = readFileSync(join(programOf(stack), "stack.json"), "utf8");
  const { resources } = (JSON.parse(text) as ExportedStack).deployment;
  const found = resources.find(({ urn }) => urn.endsWith(`::${name}`));
  if (!found) throw new Error(`${stack.name} has no ${name}`);
  return found.outputs;
}

/** The text of an exported state, fit to be kept: with addresses that mean the same in every run, and without the machine's paths. */
export function keepable(text: string, systems: AllSimulators): string {
  const checkout = join(import.meta.dirname, "..", "..");
  return addresses(systems)
    .reduce((sum, [written, real]) => sum.replaceAll(real, written), text)
    .replaceAll(checkout, "/infrastructure/node_modules/pulumi-clusterops");
}

function addresses(systems: AllSimulators): [written: string, real: string][] {
  const originOf = ({ endpoints: [endpoint = ""] }: NamedConnection) => new URL(endpoint).origin;
  const byOrigin = new Map(connectionsOf(systems).map((it) => [originOf(it), `http://${it.name}.example`]));
  return [...byOrigin].map(([real, written]) => [written, real]);
}
