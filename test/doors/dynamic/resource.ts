import { providerText } from "../../../doors/dynamic/provider-text.ts";

let configured = 0;

/**
 * What a program registers for a resource of ours beside its inputs, with a name of its own.
 *
 * A host configures the provider of each text once. A comment of its own makes the text a new one, so that one host serves
 * many tests: the configuration that it was given last is then this resource's.
 */
export function registered(
  type: string,
  own = ++configured,
  name = `r${own}`,
): { __provider: string; __urn: string } {
  const urn = `urn:pulumi:dev::test::pulumi-nodejs:dynamic/clusterops/${type}::${name}`;
  return { __provider: `${providerText(type)}//${own}`, __urn: urn };
}
