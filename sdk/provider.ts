import type * as Pulumi from "@pulumi/pulumi";
import type { Connection } from "../provider/index.ts";
import type { DeepInput } from "./dynamic.ts";
import { pulumi } from "./pulumi.ts";

/** What an explicit provider takes. */
export interface ProviderArgs {
  /** How to reach each installation, by the name that resources use: what stack configuration has under `clusterops:connections`. */
  connections: DeepInput<Record<string, Connection>>;
}

/**
 * Explicit settings for a part of a program, in place of stack configuration. Resources that are given one as `provider` go through the
 * native plugin, which the project has to name in Pulumi.yaml (`plugins`).
 */
export class Provider extends pulumi.ProviderResource {
  constructor(name: string, { connections }: ProviderArgs, opts?: Pulumi.ResourceOptions) {
    // As every provider's arguments travel: as JSON text. They may hold credentials.
    const text = pulumi.output(connections).apply((known) => JSON.stringify(known));
    super("clusterops", name, { connections: pulumi.secret(text) }, opts);
  }
}
