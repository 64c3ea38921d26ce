import {
  type Failure,
  lifecycle,
  mistakesInArgs,
  type Recorded,
  recordedIn,
  unknown,
} from "../../provider/index.ts";
import type { RawObject } from "./codec.ts";
import { type Diagnostic, errorAt } from "./diagnostics.ts";
import type { PrivateData } from "./private-data.ts";
import { type Attribute, type Block, isInput } from "./schema.ts";
import { inputsOf, type Properties, propertiesOf, rawOf } from "./values.ts";

/* What a resource is, was, and is to be. */

/** Inputs of a configuration, completed, with what is wrong with them. */
export function checked(
  attributes: readonly Attribute[],
  type: string,
  config: RawObject,
): { inputs: Properties; diagnostics: Diagnostic[] } {
  const { inputs: given, failures } = inputsOf(attributes, config);
  const { inputs, failures: more } = lifecycle(type).check(given);
  return { inputs, diagnostics: diagnosticsOf(attributes, failures, more) };
}

/** What is wrong with a data source's configuration. */
export function checkedArgs({ attributes, type }: Block, config: RawObject): Diagnostic[] {
  const { inputs, failures } = inputsOf(attributes, config);
  return diagnosticsOf(attributes, failures, mistakesInArgs(type, inputs));
}

/** @param inexact what cannot be sent exactly: it was left out, and is not missing for that */
function diagnosticsOf(
  attributes: readonly Attribute[],
  inexact: Failure[],
  others: Failure[],
): Diagnostic[] {
  const more = others.filter(({ property }) => !inexact.some((one) => one.property === property));
  return [...inexact, ...more].map((failure) => errorAt(attributes, failure));
}

/** A state in which all that users read is not known yet. */
export function wanted(attributes: readonly Attribute[], config: RawObject, inputs: Properties): RawObject {
  return Object.fromEntries(
    attributes.map((attribute) => {
      const { name, property, computed } = attribute;
      if (!isInput(attribute)) return [name, unknown];
      const written = config[name] ?? null;
      return [name, written === null && computed ? rawOf(attribute, inputs[property]) : written];
    }),
  );
}

/**
 * What stays as it is, however it is now written. Of what no default completes Terraform wants to see a value where the configuration has
 * one, and none where it has none.
 */
export function unchanged(attributes: readonly Attribute[], prior: RawObject, config: RawObject): RawObject {
  return Object.fromEntries(
    attributes.map((attribute) => {
      const { name, computed } = attribute;
      const [was, written] = [prior[name] ?? null, config[name] ?? null];
      const isSaid = isInput(attribute) && !computed && (was === null) !== (written === null);
      return [name, isSaid ? written : was];
    }),
  );
}

/** As the lifecycle knows it. */
export function recordedAs(
  attributes: readonly Attribute[],
  state: RawObject,
  { memory }: Partial<PrivateData>,
): Recorded {
  const { id: _, ready: _ready, ...properties } = propertiesOf(attributes, state);
  return recordedIn(properties, memory);
}
