import { fromEnvironment } from "../../provider/core/connection/environment.ts";
import { readExample } from "./examples.ts";
import { type Field, inputTable } from "./fields.ts";
import { blocks, code, table } from "./markdown.ts";
import { docOf, fieldsOf } from "./schemas.ts";

/** The reference of connections: fields, stack configuration, environment. */
export function connectionPage(): string {
  const fields = fieldsOf("Connection");
  return blocks(
    "# Connections",
    docOf("Connection"),
    `Every resource and function takes \`connection\`: the name of an entry of \`clusterops:connections\` in stack configuration, or the settings themselves. Without it,
the name is the system's: \`redis\`, \`tcf\`, \`factfinder\` or \`aspire\`. In stack configuration:`,
    `\`\`\`sh config
pulumi config set --path 'clusterops:connections.redis.endpoints[0]' https://cluster.example:9443
pulumi config set --path 'clusterops:connections.redis.username' ops@example.com
pulumi config set --secret --path 'clusterops:connections.redis.password'    # asks for it
\`\`\``,
    "In a program, for a cluster that the same run creates; the settings are kept secret in state, whatever the program does:",
    readExample("connection"),
    "## Fields",
    inputTable(fields, "Field"),
    "## OAuth2",
    docOf("OAuth2"),
    inputTable(fieldsOf("OAuth2"), "Field"),
    "## Environment variables",
    `\`CLUSTEROPS_<CONNECTION>_<FIELD>\`, both in upper snake case, overrides stack configuration. A connection \`tcf-east\` or \`tcfEast\` is \`TCF_EAST\`. For the connection
\`redis\`:`,
    table(
      ["Variable", "Field", "Written as"],
      fields.map((field) => [code(variableOf(field)), code(field.path), notationOf(field)]),
    ),
    "## What is refused",
    `A user name or password inside a URL: use \`username\` and \`password\`, which are kept secret. A redirect to a host that is neither an endpoint, nor in
\`trustedHosts\`, nor (for Redis Enterprise) a node that the cluster itself lists, and a redirect from https to http. The error names the line to add to the
configuration. Credentials are never sent there.`,
  );
}

/** @throws Error if no environment variable sets the field */
function variableOf({ path }: Field): string {
  const variable = `CLUSTEROPS_REDIS_${path.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toUpperCase()}`;
  if (Object.keys(fromEnvironment("redis", { [variable]: "{}" })).length === 0)
    throw new Error(
      `${variable} has no effect: core/connection/environment.ts does not know the field ${path}`,
    );
  return variable;
}

function notationOf({ type }: Field): string {
  if (type.includes("[]")) return "values, separated by commas";
  return /Record|OAuth2/.test(type) ? "a JSON object" : "";
}
