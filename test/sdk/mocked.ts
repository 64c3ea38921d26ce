import * as pulumi from "@pulumi/pulumi";

type Properties = Record<string, unknown>;

/** A resource as a program registered it. */
export interface Registration {
  type: string;
  name: string;
  /** What is marked secret anywhere within is `{ secret: value }`. */
  inputs: Properties;
}

/** How Pulumi marks a secret on its way to the engine (sdk/nodejs/runtime/rpc.ts). */
const signature = "4dabf18193072939515e22adb298388d";

/**
 * Puts Pulumi's runtime into its test mode, in which no engine is needed. What it registers gets outputs as `outputsOf` says.
 *
 * @param call what a function answers; default: its arguments
 * @returns the registrations, as they come
 */
export function mocked(
  outputsOf: (registration: Registration) => Properties,
  { preview = false }: { preview?: boolean } = {},
  call: pulumi.runtime.Mocks["call"] = ({ inputs }) => inputs,
): Promise<Registration[]> {
  const registrations: Registration[] = [];
  return pulumi.runtime
    .setMocks(
      {
        newResource({ type, name, inputs }) {
          const registration = { type, name, inputs: mapSecrets(inputs) as Properties };
          registrations.push(registration);
          return { id: `id of ${name}`, state: { ...inputs, ...outputsOf(registration) } };
        },
        call,
      },
      "project",
      "stack",
      preview,
    )
    .then(() => registrations);
}

function mapSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(mapSecrets);
  if (typeof value !== "object" || value === null) return value;
  const properties = value as Properties;
  if (signature in properties) return { secret: mapSecrets(properties.value) };
  return Object.fromEntries(Object.entries(properties).map(([key, item]) => [key, mapSecrets(item)]));
}

/** Ends the test mode: what a program asks for is asked for, as under an engine. */
export function unmocked({ preview = false }: { preview?: boolean } = {}): void {
  pulumi.runtime.resetOptions("project", "stack", -1, "", "", preview, "");
}

/** What an Output comes to. */
export function resolved<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply((value) => resolve(value as T)));
}
