/** A command and what it has printed. */
export interface Typed {
  command: string;
  output: string;
}

/**
 * The lines of a sample that an output does not have in that order. Times and what was counted while waiting differ from run to run;
 * `…` alone on a line stands for what is left out. A line of the sample may end earlier than the real one.
 */
export function missingLines(sample: string, output: string): string[] {
  const real = output.split("\n").map(comparable);
  let from = 0;
  return sample.split("\n").filter((line) => {
    const wanted = comparable(line);
    if (wanted === "" || wanted === "…") return false;
    const at = real.findIndex((each, index) => index >= from && each.startsWith(wanted));
    if (at >= 0) from = at + 1;
    return at < 0;
  });
}

/** The same for a sample of several commands, `$ pulumi up`: they were typed one after the other somewhere in the journey. */
export function missingFrom(sample: string, typed: Typed[]): string[] {
  const parts = sample
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const [command = "", ...lines] = part.split("\n");
      return { command: command.replace(/\s+#.*$/, ""), lines: lines.join("\n") };
    });
  const starts = [...typed.keys()].filter((start) =>
    parts.every(({ command }, index) => typed[start + index]?.command === command),
  );
  const attempts = starts.map((start) =>
    parts.flatMap(({ lines }, index) => missingLines(lines, typed[start + index]?.output ?? "")),
  );
  if (attempts.length === 0) return [`nobody types ${parts.map(({ command }) => command).join(", then ")}`];
  return attempts.reduce((least, each) => (each.length < least.length ? each : least));
}

function comparable(line: string): string {
  return (
    line
      .replace(/\d+(\.\d+)?s\b/g, "#s")
      // The table of `npm start`: seconds, mutating requests, reads. Only the second is the same in every run.
      .replace(/ +\d+\.\d+ +(\d+) +\d+$/, " # $1 #")
      .replace(/ +/g, " ")
      .trim()
  );
}
