import { writeFileSync } from "node:fs";
import Mocha from "mocha";

/**
 * Mocha's usual output; at the end its counts, written to the file that `--reporter-option output=` names. Tests that leave
 * something open, so that the process does not end by itself within `patience` milliseconds, have failed.
 */
class TotalsReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const { output, patience } = options.reporterOptions ?? {};
    runner.once("end", () => {
      const write = (failures: number) =>
        writeFileSync(output, JSON.stringify({ ...runner.stats, failures }));
      write(runner.failures);
      const fail = () => {
        console.error(`All tests have ended; still open: ${process.getActiveResourcesInfo().join(", ")}`);
        write(runner.failures + 1); // mocha sets the exit code, so the count goes here
        process.exit();
      };
      setTimeout(fail, Number(patience)).unref();
    });
  }
}

// Mocha takes a reporter from a module's default export and from nowhere else.
export default TotalsReporter;
