import { type ConfigSource, configuredNames } from "../connection/configured.ts";
import { advice } from "../data/advice.ts";
import { clock } from "../data/clock.ts";
import { ClusteropsError, GuardRefusal } from "../data/errors.ts";
import { type ConfiguredGuards, guardsIn, guardsKey } from "../guards/configured.ts";
import { type AppliedGuard, appliedTo, type Objection, objectionsAt, tooSoon } from "../guards/judge.ts";
import { type Override, overrideIn } from "../guards/override.ts";
import type { Context } from "../work/context.ts";
import type { Session } from "../work/installation.ts";
import type { Guard } from "../work/requests.ts";
import type { Scope } from "../work/scope.ts";
import { nothingSent } from "../work/sent.ts";
import type { Recorded } from "./memory.ts";
import type { Properties, Spec } from "./resource.ts";
import { scopeFor } from "./shape.ts";

/*
 * Guards as a resource meets them: its preview is refused by them, and so is its operation, right before it sends something for the first
 * time. Deletes are not asked about: they give back, or stop, what was begun.
 */

/** What holds back one resource. */
export interface Guarding extends Guard {
  /** What a preview says of the moment: each guard that is overridden, or the first that refuses. Undefined: nothing is in the way. */
  foreseeNow(): { refusal: Objection } | { warnings: string[] } | undefined;
  /** What it says of a switch soon after the last one. */
  foreseeTooSoon(): ReturnType<Guarding["foreseeNow"]>;
  /** Has the operation's first request judged. */
  hold(): void;
  /** Why guards were overridden, if they were. */
  readonly overridden: string | undefined;
}

/**
 * The guards of a resource's connections.
 *
 * @param lastSwitch when it last switched a federation, or saw that somebody had
 * @throws InputError where guards or the override are wrong
 */
export async function guardingOf(
  spec: Spec,
  context: Context,
  scope: Scope,
  inputs: Properties,
  lastSwitch?: number,
): Promise<Guarding | undefined> {
  const override = overrideIn(context.config);
  const configured = await configuredGuards(context);
  if (!configured) return undefined;
  const connections = spec
    .connections(inputs)
    .filter(([property]) => !spec.onlyRead.includes(property))
    .map(([property, reference]) => ({
      name: typeof reference === "object" ? undefined : (reference ?? spec.system.name),
      addresses: scope.connect(reference, property).connection.addresses,
    }));
  const applied = appliedTo(configured, connections, (name) =>
    addressesOf(scope.session, spec, context, name),
  );
  return applied.length === 0
    ? undefined
    : new ResourceGuarding(spec, scope, { inputs, configured, applied, override, lastSwitch });
}

/**
 * What stands in the way of a switch soon after the last one. A preview judges it where it knows what is recorded, which a plan does not.
 *
 * @throws ClusteropsError
 */
export async function foreseeSwitch(
  spec: Spec,
  context: Context,
  { outputs, memory }: Recorded,
  inputs: Properties,
): Promise<void> {
  if (memory?.switchedAt === undefined || !spec.switches?.wouldSwitch(outputs, inputs)) return;
  const scope = scopeFor(spec, context, inputs);
  try {
    const guarding = await guardingOf(spec, context, scope, inputs, memory.switchedAt);
    const refused = guarding?.foreseeNow();
    if (refused && "refusal" in refused) {
      const { property, reason } = refused.refusal;
      throw new ClusteropsError(scope.redact(`${spec.subject(inputs)}: ${property}: ${reason}`));
    }
    // Of the others that are overridden the plan has said so.
    const said = guarding?.foreseeTooSoon();
    if (said && "warnings" in said) for (const warning of said.warnings) scope.warn(warning);
  } finally {
    scope.end();
  }
}

/** What is wrong with the settings themselves is known without any resource. @throws InputError */
export async function checkGuards(context: Context): Promise<void> {
  overrideIn(context.config);
  await configuredGuards(context);
}

/** Read and checked once for each text, and for the connections that it may name. */
function configuredGuards({ config, session }: Context): Promise<ConfiguredGuards | undefined> {
  const text = process.env.CLUSTEROPS_GUARDS ?? config(guardsKey);
  if (!session || text === undefined) return guardsIn(config);
  const known = session.note("guards", () => new Map<string, Promise<ConfiguredGuards | undefined>>());
  const key = JSON.stringify([text, configuredNames(config), config.keys?.() ?? []]);
  const found = known.get(key) ?? guardsIn(config);
  known.set(key, found);
  return found;
}

function addressesOf(
  session: Session,
  { system }: Spec,
  { config }: { config: ConfigSource },
  name: string,
): readonly string[] {
  return [config, config.stack].flatMap((each) => {
    try {
      return each ? session.resolve(system, name, each).addresses : [];
    } catch {
      // What is wrong with a connection is said where it is used.
      return [];
    }
  });
}

interface Parts {
  inputs: Properties;
  configured: ConfiguredGuards;
  applied: AppliedGuard[];
  override: Override | undefined;
  lastSwitch: number | undefined;
}

class ResourceGuarding implements Guarding {
  readonly #spec: Spec;
  readonly #scope: Scope;
  readonly #parts: Parts;
  readonly #said = new Set<string>();
  overridden: string | undefined;

  constructor(spec: Spec, scope: Scope, parts: Parts) {
    this.#spec = spec;
    this.#scope = scope;
    this.#parts = parts;
  }

  get maxNodesAway(): Guard["maxNodesAway"] {
    const limits = this.#parts.applied.flatMap(({ maxNodesAway }) => maxNodesAway ?? []);
    return limits.toSorted((a, b) => a.most - b.most)[0];
  }

  get isOverridden(): boolean {
    return this.#parts.override !== undefined;
  }

  foreseeNow(): ReturnType<Guarding["foreseeNow"]> {
    return this.#foreseeAll(this.#objections());
  }

  foreseeTooSoon(): ReturnType<Guarding["foreseeNow"]> {
    return this.#foreseeAll(this.#tooSoon());
  }

  foresee(objection: Objection): ReturnType<Guard["foresee"]> {
    const { override } = this.#parts;
    if (override) return { warning: said(objection, override) };
    return { refusal: { ...objection, reason: `${objection.reason}; ${howToOverride}` } };
  }

  hold(): void {
    this.#scope.requests.guard = this;
    this.#scope.judges.push(async ({ requests }, { restores }) => {
      // From the first request on nothing stops an operation half way.
      if (restores || requests.haveLeft) return;
      for (const objection of this.#objections()) this.object(objection);
    });
  }

  object(objection: Objection): void {
    const { override } = this.#parts;
    const { property, reason } = objection;
    const { requests, activity } = this.#scope;
    if (!override) {
      throw new GuardRefusal(property, `${reason}; ${nothingSent({ requests })}; ${howToOverride}`);
    }
    const warning = said(objection, override);
    if (this.#said.has(warning)) return;
    this.#said.add(warning);
    this.overridden = this.#scope.redact(override.reason);
    this.#scope.warn(warning);
    activity?.overrode(property, this.overridden);
  }

  #foreseeAll(objections: readonly Objection[]): ReturnType<Guarding["foreseeNow"]> {
    const all = objections.map((objection) => this.foresee(objection));
    const [refused] = all.filter((each) => "refusal" in each);
    const warnings = all.flatMap((each) => ("warning" in each ? each.warning : []));
    return refused ?? (warnings.length > 0 ? { warnings } : undefined);
  }

  #objections(): Objection[] {
    const { configured, applied } = this.#parts;
    return [...objectionsAt(configured.calendar, applied, clock.now()), ...this.#tooSoon()];
  }

  #tooSoon(): Objection[] {
    const { configured, applied, lastSwitch } = this.#parts;
    const objection = this.#spec.switches && tooSoon(configured.calendar, applied, clock.now(), lastSwitch);
    return objection ? [objection] : [];
  }
}

const howToOverride = `to go ahead all the same: ${advice.configure("override", '"<ticket, and why>"')}`;

function said({ property, reason }: Objection, override: Override): string {
  return `overridden: ${property}: ${reason}; ${override.at}: ${override.reason}`;
}
