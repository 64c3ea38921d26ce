/** Among the properties of a resource. Keys with two underscores stay out of the CLI's display. */
export const optionsKey = "__options";

/**
 * What a program asks of Pulumi for a resource, and Pulumi's dynamic host is not told: `customTimeouts` do not reach it, and without a detailed
 * difference, which it cannot hand back, the engine never finds what `replaceOnChanges` names. The sdk puts both among the inputs.
 */
export interface ResourceOptions {
  /** In Go's spelling of a duration, e.g. `1h30m`. */
  customTimeouts?: { create?: string; update?: string; delete?: string };
  /** Property paths, e.g. `nodes[0]`, `clusters.east`, `*`. */
  replaceOnChanges?: string[];
}
