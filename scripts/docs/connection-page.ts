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
    `Set credentials with \`--secret\`. With the dynamic provider Pulumi records \`clusterops:connections\` in the stack's state as well (with its default provider,
\`pulumi:providers:pulumi-nodejs\`): encrypted where it was set with \`--secret\`, **in clear** where not, in history and backups too. A credential that was ever set without it is to be
set again with \`--secret\`, and then rotated: history and backups keep the old one. The [native plugin](native-plugin.md) records nothing of it.`,
    "In a program, for a cluster that the same run creates; the settings are kept secret in state, whatever the program does:",
    readExample("connection"),
    "## Fields",
    inputTable(fields, "Field"),
    "## OAuth2",
    docOf("OAuth2"),
    inputTable(fieldsOf("OAuth2"), "Field"),
    "## Environment variables",
    `\`CLUSTEROPS_<CONNECTION>_<FIELD>\`, both in upper snake case, overrides stack configuration. A connection \`tcf-east\` or \`tcfEast\` is \`TCF_EAST\`.
Credentials win as a whole kind: a token in the environment is sent in place of a configured \`oauth2\`, or of \`username\` and \`password\`; half a kind
(\`USERNAME\` alone) completes the other half. A variable of a connection whose field is nearly one of these is warned of. For the connection \`redis\`:`,
    table(
      ["Variable", "Field", "Written as"],
      fields.map((field) => [code(variableOf(field)), code(field.path), notationOf(field)]),
    ),
    "## Certificates",
    `\`caCert\`, \`clientCert\` and \`clientKey\` are parsed before anything is connected: inline ones by every check, those of stack configuration, files and
environment by a preview. Line ends of Windows, a byte order mark, UTF-16 and words around the PEM do no harm. Refused, with the cure: DER, PKCS#12, an empty
file, a key in place of a certificate and the reverse, \`\\n\` or blanks in place of line breaks, indented PEM, an encrypted key (decrypt it with \`openssl pkey\`),
and a key that is not that of \`clientCert\`. Where the two sides cannot agree on TLS, the error says what to set.`,
    "## Proxies",
    `A connection's \`proxy\` takes all of its requests. Without it, each request goes as curl would send it: by its scheme by \`https_proxy\` or \`HTTPS_PROXY\`,
\`http_proxy\` or (which curl does not take, nor this in CGI, where \`REQUEST_METHOD\` is set) \`HTTP_PROXY\`, else by \`all_proxy\` or \`ALL_PROXY\`. A variable that is empty hides
no other. SOCKS is not supported.`,
    `\`no_proxy\`, else \`NO_PROXY\`, lists what is asked directly, separated by commas or blanks: \`*\`, names (\`cluster.example\` and \`.cluster.example\` mean the name and
all below it), addresses, ranges (\`10.0.0.0/8\`, \`2001:db8::/32\`), and beyond what curl knows prefixes (\`10.\`) and ports (\`cluster.example:9443\`). Names are not
looked up: \`127.0.0.0/8\` says nothing of \`localhost\`.`,
    "## After a rotation",
    `\`pulumi up\` goes by what stack configuration says. For \`refresh\`, \`destroy\` and \`up --refresh\` Pulumi hands over the configuration of the last \`up\`:
once a server has refused that, what the stack's configuration says now is used in its place, and that is said. Credentials in a program are recorded with the
resource: after a rotation, run \`pulumi up\` first.`,
    "## What is refused",
    `Two kinds of credentials in one place, such as \`token\` beside \`username\` and \`password\`. A number that has lost digits on its way, such as a user name of 20
digits: set it with \`--type string\`, or \`--secret\`. A user name or password inside a URL: use \`username\` and \`password\`, which are kept secret. A redirect to a host that is neither an endpoint, nor in
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
