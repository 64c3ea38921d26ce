import { relative } from "node:path";
import { runSuite, type SuiteResult } from "./run-suite.ts";
import type { Suite } from "./suites.ts";

/** More files than these do not fail by chance. */
const mostByChance = 3;

/**
 * The results, after the files of the tests that failed beside others have run once more, alone: that tells a deadline which a busy
 * machine missed from a fault of the product. What fails again has failed; what passes now is said to be unsteady, to be looked into.
 */
export async function runAgain(
  suites: Suite[],
  results: SuiteResult[],
  root: string,
): Promise<SuiteResult[]> {
  const filesOf = ({ failures }: SuiteResult) => [
    ...new Set(failures.flatMap(({ file }) => (file ? [relative(root, file)] : []))),
  ];
  const count = results.reduce((sum, result) => sum + filesOf(result).length, 0);
  if (count === 0 || count > mostByChance) return results;
  const judged: SuiteResult[] = [];
  for (const result of results) {
    const suite = suites.find(({ name }) => name === result.name);
    const files = filesOf(result);
    const isExplained =
      result.failures.length === result.failed && result.failures.every(({ file }) => file !== undefined);
    if (!suite || files.length === 0 || !isExplained) {
      judged.push(result);
      continue;
    }
    console.log(`\n${result.name}: once more, alone: ${files.join(", ")}`);
    const again = await runSuite({ ...suite, files, jobs: 1, givesWay: false }, root);
    judged.push(again.failed > 0 || again.passed === 0 ? result : excused(result));
  }
  return judged;
}

/** The result with its failures counted as passed, and said to be unsteady. */
function excused(result: SuiteResult): SuiteResult {
  for (const { title } of result.failures)
    console.log(`Unsteady: failed beside others, passed alone: ${title}`);
  return { ...result, passed: result.passed + result.failed, failed: 0, failures: [] };
}

/** What failed, once more after everything else, where it is looked for first. */
export function tellFailures(results: SuiteResult[]): void {
  for (const { name, failures } of results)
    for (const { file, title, message } of failures)
      console.log(
        `\nFailed: ${name}: ${title}${file ? `\n  in ${file}` : ""}\n  ${message.replaceAll("\n", "\n  ")}`,
      );
}
