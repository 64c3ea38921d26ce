import { directDoor } from "../rules/door.ts";
import { generator } from "../support/generator.ts";
import { type Blow, planted } from "./blow.ts";
import { cliBlows } from "./cli-blows.ts";
import { CliStack, stillThere } from "./cli-stack.ts";
import { faults } from "./faults.ts";
import { events } from "./happenings.ts";
import { trialsOf } from "./matrix.ts";
import { requestsOf } from "./operation.ts";
import { nameOf, onStage, suffer, type Trial, type Verdict } from "./trial.ts";

/** Seconds that each wait may take: a CLI is slower than its provider. */
const timeout = 12;
const requestTimeout = 2;

/**
 * A sample of each row on the real CLI: for every blow one moment, resource and operation, as the seed draws them, among those
 * where it is certain to strike; of the blows that only a CLI can suffer, one for each system.
 */
export function cliTrials(seed: number, only = ""): Trial[] {
  const random = generator(seed);
  const draw = (trials: Trial[]) =>
    trials.length > 0 ? [trials[Math.floor(random() * trials.length)] as Trial] : [];
  const by = (key: (trial: Trial) => string, blows: Blow[]) => {
    const fitting = trialsOf(blows, random).filter(isForCli);
    return Object.values(Object.groupBy(fitting, key)).flatMap((row) => draw(row as Trial[]));
  };
  const common = by(({ blow }) => blow.name, [...faults, ...events]);
  const own = by(({ blow, resource }) => `${blow.name} ${resource.type.split(":")[0]}`, cliBlows);
  return [...common, ...own].filter((trial) => nameOf(trial).includes(only));
}

/** It might be over before it came to that. */
const late = ["while polling", "in verification"];

/**
 * Steps and intents are made by a component or a class, not by a program; what sends nothing may read nothing, either; and to
 * give up in the midst of work, a wait takes longer with a CLI than anybody wants to wait.
 */
function isForCli({ resource, operation, blow }: Trial): boolean {
  if (/Step$|Intent$/.test(resource.type) || operation === "resume") return false;
  return requestsOf(resource, operation) > 0 && !late.includes(blow.when);
}

/** Plays one row on the real CLI. */
export async function judgeOnCli(trial: Trial): Promise<Verdict> {
  return onStage(trial, { requestTimeout }, async (scene, verdict) => {
    const { resource, connections, good } = scene;
    await using stack = await CliStack.open(resource, connections);
    const session = { ...scene.session, said: stack.said, cancel: () => stack.running?.interrupt() };
    const battle = { ...scene, stack, session, door: directDoor, good: { ...good, timeout } };
    await suffer(trial, battle, verdict);
    if (!verdict.struck) verdict.wrong ??= "it has not struck";
    const left = await stillThere(() => stack.survivors());
    if (left.length > 0) verdict.left ??= left.join(", ");
    if ((await stack.stored()).includes(planted)) verdict.leak ??= "in the backend";
  });
}
