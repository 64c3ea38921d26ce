import { useClock } from "../../provider/core/data/clock.ts";

/**
 * Lets the provider's time run faster in the tests of the surrounding `describe`: what it waits for minutes takes seconds. Simulators and
 * sockets do not know: what they are to do after so many seconds comes `factor` times sooner, too (`inTestTime`).
 */
export function faster(factor: number): { inTestTime(milliseconds: number): number } {
  let restore = () => {};
  before(() => {
    const [now, elapsed] = [Date.now(), performance.now()];
    restore = useClock({
      now: () => now + (Date.now() - now) * factor,
      elapsed: () => elapsed + (performance.now() - elapsed) * factor,
      random: Math.random,
      after(milliseconds, work) {
        const timer = setTimeout(work, milliseconds / factor);
        return () => clearTimeout(timer);
      },
      timeout: (milliseconds) => AbortSignal.timeout(Math.ceil(milliseconds / factor)),
    });
  });
  after(() => restore());
  return { inTestTime: (milliseconds) => milliseconds / factor };
}
