import { readFileSync } from "node:fs";
import { join } from "node:path";
import { source } from "./markdown.ts";

const example = join(import.meta.dirname, "..", "..", "examples", "unit-tests");

function shown(file: string): string {
  return `\`\`\`ts file=${file}\n${readFileSync(join(example, file), "utf8").trim()}\n\`\`\``;
}

/** How a program that uses this package is tested without an engine, by the example that a test runs. */
export function unitTestsPage(): string {
  return `# Unit tests of your program

After \`pulumi.runtime.setMocks\` nothing of this package opens a socket or needs configuration: resources are registered with your \`newResource\`, and functions ask your \`call\`.

| | in the mocks | answer with |
|---|---|---|
| a resource, e.g. \`redis.NodeMaintenance\` | \`newResource\`, \`type\` is \`pulumi-nodejs:dynamic/clusterops/redis:NodeMaintenance\` | \`id\`, and as \`state\` its inputs with the outputs that your program uses |
| \`NodeAction\` and \`DatabasePrune\` | before each, \`newResource\` for what records what was there before it: \`redis:NodeActionIntent\`, \`factfinder:DatabasePruneIntent\`, named \`<name>-intent\` | its inputs |
| a component, e.g. \`redis.RollingMaintenance\` | \`newResource\`, \`type\` is \`clusterops:redis:RollingMaintenance\`; then its parts | its inputs |
| a function and its twin, e.g. \`redis.getNode\` and \`getNodeOutput\` | \`call\`, \`token\` is \`clusterops:redis:getNode\` | its result |

Among the inputs of a resource, keys that begin with two underscores (\`__provider\`, \`__urn\`, ...) are the package's own: do not rely on them. Inline connections arrive as secrets.

Mocks judge no input and know no system: whether a node exists, or a failover would work, is what \`pulumi preview\` says. To rehearse with the real engine use the simulators,
\`npx pulumi-clusterops-simulators\`.

## An example

[examples/unit-tests](${source("examples/unit-tests")}), run with \`npx mocha index.test.ts\` (Node.js 24 strips the types). The program:

${shown("index.ts")}

Its test:

${shown("index.test.ts")}`;
}
