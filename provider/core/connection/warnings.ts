import { isIP } from "node:net";
import leven from "leven";
import { advice } from "../data/advice.ts";
import { isObject } from "../data/values.ts";
import { type ConfigSource, configuredEntry, configuredNames, pathOf } from "./configured.ts";
import { misspelled } from "./environment.ts";
import { configureField, isSecretField } from "./exact.ts";
import { flatKeys } from "./mistakes.ts";
import type { Connection, ResolvedConnection, System } from "./settings.ts";

/** What the user should know of a connection that can be used: what seems to be meant for it, and is not what it says. */
export function warningsOf(
  system: System,
  reference: string | Connection | undefined,
  config: ConfigSource,
): string[] {
  if (isObject(reference)) return [];
  const name = (reference as string | undefined) ?? system.name;
  const flat = flatKeys(name, config);
  return [
    ...(flat ? [flat] : []),
    ...misspelled(name, process.env, configuredNames(config)),
    ...numbersIn(name, config),
  ];
}

/** What this package reads beside what is refused where it is misspelled (setting.ts). */
const keys = ["connections", "door", "refreshBeforeUpdate"].map((name) => `clusterops:${name}`);

/** Keys that are nearly one of these, and are read by nobody. */
export function misspelledKeys(config: ConfigSource): string[] {
  return (config.keys?.() ?? []).flatMap((key) => {
    if (!key.startsWith("clusterops:") || keys.includes(key)) return [];
    const meant = keys.find((one) => leven(one.toLowerCase(), key.toLowerCase()) <= 2);
    return meant === undefined ? [] : [`${key} is not read: did you mean ${meant}? ${advice.unset(key)}`];
  });
}

/** A secret that consists of digits has most likely been more than a number: `+49123` and `007` come as 49123 and 7. */
function numbersIn(name: string, config: ConfigSource): string[] {
  const entry = configuredEntry(name, config);
  const at = `clusterops:${pathOf(name)}`;
  const oauth2 = isObject(entry.oauth2) ? entry.oauth2 : {};
  const fields = [
    ...Object.entries(entry),
    ...Object.entries(oauth2).map(([field, value]) => [`oauth2.${field}`, value] as const),
  ];
  return fields.flatMap(([field, value]) =>
    typeof value === "number" && isSecretField(field)
      ? [
          `${at}.${field} is a number, so that zeros or a + at its beginning are lost; as a secret it stays as it is: ${configureField(`${at}.${field}`)}`,
        ]
      : [],
  );
}

/** The same of what a connection has come to, wherever its settings are from: what can be sent or kept, and cannot do what it is for. */
export function warningsOfSettings(connection: ResolvedConnection): string[] {
  const { username = "", password, token = "", oauth2, system, trustedHosts } = connection;
  const secrets = {
    password,
    "oauth2.clientSecret": oauth2?.clientSecret,
    "oauth2.password": oauth2?.password,
  };
  const scheme = system.tokenScheme ?? "Bearer";
  const [given] = /^(Bearer|JWT|Basic|Token)(?=\s)/i.exec(token) ?? [];
  return [
    ...Object.entries(secrets).flatMap(([field, value]) =>
      /[\r\n]$/.test(value ?? "") ? [`${field} ends with a line break, which is sent as a part of it`] : [],
    ),
    ...(username.includes(":")
      ? ["username has a colon in it: with HTTP Basic all behind it counts as a part of the password"]
      : []),
    ...(given
      ? [`token begins with "${given}": "${scheme}" is put before it anyway, so leave that out`]
      : []),
    ...trustedHosts.flatMap((host, index) => {
      const why = whyUseless(host.trim());
      return why ? [`trustedHosts[${index}] ${why}: no redirect will ever match it`] : [];
    }),
  ];
}

/** What names no host as redirects are matched with (http/redirects.ts). It is not repeated: a URL may hold a password. */
function whyUseless(host: string): string | undefined {
  if (host.includes("://") || host.includes("@")) return "is a URL, and should be the host alone";
  if (/^([^:]+|\[.*\]):\d*$/.test(host)) return "has a port, and should be the host alone";
  const [address = "", bits, ...more] = host.split("/");
  if (bits !== undefined && (more.length > 0 || !isRange(address, bits)))
    return "is no range of addresses, such as 10.0.0.0/8";
  if (/^\./.test(host)) return "begins with a dot, and should begin with *. for all below it";
  return /\*/.test(host.replace(/^\*\.(?=.)/, ""))
    ? "has a * that stands for nothing: write *.example.com, or a range such as 10.0.0.0/8"
    : undefined;
}

function isRange(address: string, bits: string): boolean {
  const family = isIP(address.replace(/^\[|\]$/g, ""));
  return family !== 0 && /^\d+$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128);
}
