import { pulumi } from "./pulumi.ts";

/*
 * Credentials of stack configuration that anybody can read in Pulumi.<stack>.yaml. The program alone can tell: the provider's host gets all
 * of `clusterops:connections` in clear, and nothing of what is kept secret in it (its acceptSecrets is false).
 */

const key = "clusterops:connections";
/** Fields of a connection that are a credential by themselves. Headers may be, and need not. */
const secretFields = ["password", "token", "clientSecret", "clientKey"];
let isSaid = false;

/** Warns once in a program, and so once in a preview and once in an update. The key is secret as a whole as soon as a part of it is. */
export function warnOfPlainCredentials(): void {
  if (isSaid) return;
  isSaid = true;
  const text = pulumi.runtime.getConfig(key);
  // Not declared, although there (sdk/nodejs/runtime/config.ts).
  const { isConfigSecret } = pulumi.runtime as { isConfigSecret?(key: string): boolean };
  if (text === undefined || !isConfigSecret || isConfigSecret(key)) return;
  const [first, ...others] = credentialsIn(text);
  if (first === undefined) return;
  const also = others.length > 0 ? ` (likewise ${others.join(", ")})` : "";
  void pulumi.log.warn(
    `clusterops:${first} is not secret: it stands in clear in the stack's configuration, and in its state and history where an update has recorded it. pulumi config set --secret --path 'clusterops:${first}' asks for it and keeps it encrypted; change one that others may have read${also}`,
  );
}

/** Where they stand, e.g. `connections.redis.password`. */
export function credentialsIn(text: string): string[] {
  try {
    return Object.entries(JSON.parse(text)).flatMap(([name, connection]) => {
      const { oauth2, ...fields } = Object(connection);
      const found = (settings: object) =>
        Object.entries(settings).flatMap(([field, value]) =>
          secretFields.includes(field) && value !== "" && !isPath(field, value) ? [field] : [],
        );
      const inner = found(Object(oauth2)).map((field) => `oauth2.${field}`);
      return [...found(fields), ...inner].map((field) => `${pathOf(name)}.${field}`);
    });
  } catch {
    // What is wrong with it is said where it is used.
    return [];
  }
}

/** As in provider/core/connection/configured.ts: a program that only declares resources does not load the provider. */
function pathOf(name: string): string {
  return /^[\w-]+$/.test(name) ? `connections.${name}` : `connections[${JSON.stringify(name)}]`;
}

/** A key may be the path of a file, which is none. */
function isPath(field: string, value: unknown): boolean {
  return field === "clientKey" && typeof value === "string" && !value.includes("-----BEGIN");
}
