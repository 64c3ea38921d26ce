import { createInterface } from "node:readline/promises";
import { LocalWorkspace } from "@pulumi/pulumi/automation/index.js";

// `node failover.ts cluster2`: shows what would happen, asks, and does it.
const [active, stackName = "dev"] = process.argv.slice(2);
if (!active) throw new Error("usage: node failover.ts <cluster> [stack]");

const stack = await LocalWorkspace.createOrSelectStack({ stackName, workDir: import.meta.dirname });
await stack.setConfig("active", { value: active });

const { changeSummary } = await stack.preview({ onOutput: show, color: "never" });
if (Object.keys(changeSummary).every((operation) => operation === "same")) {
  console.log(`\n${active} is what the stack says already.`);
} else if (await confirm(`\nMake ${active} the active cluster? (yes/no) `)) {
  const { outputs } = await stack.up({ onOutput: show, color: "never" });
  console.log(`\nActive: ${outputs.activeName?.value}`);
} else {
  console.log("\nNothing was done.");
}

async function confirm(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  // Input that ends without an answer is no yes.
  const ended = new Promise<string>((resolve) => terminal.once("close", () => resolve("")));
  const answer = await Promise.race([terminal.question(question), ended]);
  terminal.close();
  return answer.trim() === "yes";
}

function show(text: string): void {
  process.stdout.write(text);
}
