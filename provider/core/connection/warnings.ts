import { isObject } from "../data/values.ts";
import { type ConfigSource, configuredEntry, pathOf } from "./configured.ts";
import { misspelled } from "./environment.ts";
import { configureField, isSecretField } from "./exact.ts";
import { flatKeys } from "./mistakes.ts";
import type { Connection, System } from "./settings.ts";

/** What the user should know of a connection that can be used: what seems to be meant for it, and is not what it says. */
export function warningsOf(
  system: System,
  reference: string | Connection | undefined,
  config: ConfigSource,
): string[] {
  if (isObject(reference)) return [];
  const name = (reference as string | undefined) ?? system.name;
  const flat = flatKeys(name, config);
  return [...(flat ? [flat] : []), ...misspelled(name, process.env), ...numbersIn(name, config)];
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
