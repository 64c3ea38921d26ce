import { writeFileSync } from "node:fs";
import Mocha from "mocha";

/** A test that failed, as the end of a run repeats it. */
export interface Failure {
  /** The test file; not known of what fails outside of one. */
  file?: string;
  title: string;
  message: string;
}

/**
 * Mocha's usual output; at the end its counts and failures, written to the file that `--reporter-option output=` names. Tests that leave
 * something open, so that the process does not end by itself within `patience` milliseconds, have failed.
 */
class TotalsReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const { output, patience } = options.reporterOptions ?? {};
    const failed: Failure[] = [];
    runner.on("fail", (test, error) => {
      const { stack, message = String(error) } = error ?? {};
      failed.push({ file: test.file, title: test.fullTitle(), message: stack ?? message });
    });
    runner.once("end", () => {
      const write = (failures: number) =>
        writeFileSync(output, JSON.stringify({ ...runner.stats, failures, failed }));
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
