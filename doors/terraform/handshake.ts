/*
 * How Terraform recognizes the process that it has started, and finds the way to it (HashiCorp's go-plugin): a word that only it knows to
 * say, in the environment, and one line on the standard output.
 */

/** Of all of Terraform's providers: no secret, but what tells that no person has started this (`Handshake` in Terraform's plugin package). */
const cookie = [
  "TF_PLUGIN_MAGIC_COOKIE",
  "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
] as const;

const [core, protocol] = [1, 6];

/** Why it cannot be: for whoever has started the process. */
export function objection(env: NodeJS.ProcessEnv): string | undefined {
  const [name, word] = cookie;
  if (env[name] !== word)
    return "terraform-provider-clusterops is a provider of Terraform and OpenTofu: they start it, and there is nothing to do with it by hand";
  const versions = (env.PLUGIN_PROTOCOL_VERSIONS ?? String(protocol)).split(",");
  if (!versions.includes(String(protocol)))
    return `terraform-provider-clusterops speaks version ${protocol} of the plugin protocol, and this Terraform only ${versions.join(", ")}: use Terraform 1.0 or later`;
  if (!env.PLUGIN_CLIENT_CERT)
    return "terraform has given no certificate (PLUGIN_CLIENT_CERT): use Terraform 1.0 or later";
  return undefined;
}

/** The line that says where it listens, and by which certificate it is recognized. */
export function address(port: number, certificate: Buffer): string {
  return `${core}|${protocol}|tcp|127.0.0.1:${port}|grpc|${certificate.toString("base64").replace(/=+$/, "")}\n`;
}
