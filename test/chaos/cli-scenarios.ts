import { directDoor } from "../rules/door.ts";
import { generator } from "../support/generator.ts";
import { answerFaults } from "./answer-faults.ts";
import { cliFaults } from "./cli-faults.ts";
import { CliStack, stillRunning } from "./cli-stack.ts";
import { eventFaults } from "./events.ts";
import { canary, type Fault } from "./fault.ts";
import { latenessFaults } from "./late-faults.ts";
import { scenariosOf } from "./matrix.ts";
import { requestsOf } from "./operation.ts";
import { nameOf, type Outcome, runWithFault, type Scenario, withInstallation } from "./scenario.ts";

/** Timeout of each wait, in seconds: a CLI is slower than the lifecycle alone. */
const timeout = 12;
const requestTimeout = 2;

/**
 * A sample of each row on the real CLI: for every fault one moment, resource and operation, drawn by the seed among those where it
 * is certain to take place; of the faults that exist only on the CLI, one for each system and each door.
 */
export function cliScenarios(seed: number, only = ""): Scenario[] {
  const random = generator(seed);
  const draw = (scenarios: Scenario[]) =>
    scenarios.length > 0 ? [scenarios[Math.floor(random() * scenarios.length)] as Scenario] : [];
  const by = (key: (scenario: Scenario) => string, faults: Fault[]) => {
    const fitting = scenariosOf(faults, random).filter(isForCli);
    return Object.values(Object.groupBy(fitting, key)).flatMap((row) => draw(row as Scenario[]));
  };
  const common = by(({ fault }) => fault.name, [...answerFaults, ...eventFaults, ...latenessFaults]);
  const own = by(({ fault, resource }) => `${fault.name} ${resource.type.split(":")[0]}`, cliFaults);
  const native = by(({ fault, resource }) => `${fault.name} ${resource.type.split(":")[0]}`, cliFaults).map(
    (scenario) => ({ ...scenario, isNative: true }),
  );
  return [...common, ...own, ...native].filter((scenario) => nameOf(scenario).includes(only));
}

/** The operation might end before these moments. */
const late = ["while polling", "in verification"];

/**
 * Not on the CLI: steps and intents, which a component or a class declares, not a program; operations that send nothing, as these
 * may read nothing either; and resume, as a wait that times out takes too long there.
 */
function isForCli({ resource, operation, fault }: Scenario): boolean {
  if (/Step$|Intent$/.test(resource.type) || operation === "resume") return false;
  return requestsOf(resource, operation) > 0 && !late.includes(fault.when);
}

/** Runs one scenario on the real CLI. */
export async function runOnCli(scenario: Scenario): Promise<Outcome> {
  return withInstallation(scenario, { requestTimeout }, async (given, outcome) => {
    const { resource, connections, good } = given;
    await using stack = await CliStack.open(resource, connections, { isNative: scenario.isNative });
    const session = { ...given.session, said: stack.said, cancel: () => stack.running?.interrupt() };
    const harness = {
      ...given,
      stack,
      session,
      door: directDoor,
      good: { ...good, timeout: timeout + (resource.landsWithin ?? 0) },
    };
    await runWithFault(scenario, harness, outcome);
    if (!outcome.injected) outcome.wrong ??= "the fault did not take place";
    const left = await stillRunning(() => stack.leftProcesses());
    if (left.length > 0) outcome.left ??= left.join(", ");
    if ((await stack.stored()).includes(canary)) outcome.leak ??= "in the backend";
  });
}
