/** A resource's properties, recorded or asked for. */
type Properties = Record<string, unknown>;

/**
 * What a resource that switches a federation from one cluster to the other tells of that. Guards may ask for some time between two
 * switches; what is remembered of the last one stands in `Memory.switchedAt`.
 */
export interface Switches {
  /** Whether somebody has switched since it was recorded, as a refresh sees it now. */
  hasSwitched(recorded: Properties, seen: Properties): boolean;
  /** Whether the inputs ask for a switch, as far as what is recorded tells. */
  wouldSwitch(recorded: Properties, inputs: Properties): boolean;
}
