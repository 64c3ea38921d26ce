/**
 * Time-lapse, for suites whose tests wait (`mocha --require`, `node --import`): in this process everything that waits or measures runs
 * `TIME_LAPSE` times faster, the provider, the simulators and the tests alike, so that a test says 10 s where it means 10 s, and takes
 * 2.5. Less than one is slow motion, for what has short time-outs on a busy machine. Other processes, and what sockets do by themselves,
 * know nothing of it. Mocha keeps the timers that it had when it started.
 */
import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers";
import timersPromises from "node:timers/promises";

const factor = Number(process.env.TIME_LAPSE ?? 4);

const { setTimeout: start, setInterval: repeat, Date: MachineDate } = globalThis;
const measured = performance.now.bind(performance);
const elapsed = () => measured() * factor;
const began = MachineDate.now();
const now = () => began + (MachineDate.now() - began) * factor;

class LapseDate extends MachineDate {
  static override now = now;

  constructor(...given: unknown[]) {
    super(...((given.length === 0 ? [now()] : given) as [number]));
  }
}

const shorter = (milliseconds = 0) => milliseconds / factor;

// Node's own carry more than a call signature (promisify).
const sooner = Object.assign(
  (work: () => void, milliseconds?: number, ...args: []) => start(work, shorter(milliseconds), ...args),
  start,
);
const oftener = Object.assign(
  (work: () => void, milliseconds?: number, ...args: []) => repeat(work, shorter(milliseconds), ...args),
  repeat,
);
const { setTimeout: pause } = timersPromises;
const timeout = AbortSignal.timeout.bind(AbortSignal);

Object.assign(globalThis, { Date: LapseDate, setTimeout: sooner, setInterval: oftener });
Object.assign(timers, { setTimeout: sooner, setInterval: oftener });
Object.assign(timersPromises, {
  setTimeout: (milliseconds: number, ...more: []) => pause(shorter(milliseconds), ...more),
});
performance.now = elapsed;
AbortSignal.timeout = (milliseconds) => timeout(Math.ceil(shorter(milliseconds)));
syncBuiltinESMExports();
