import type * as Pulumi from "@pulumi/pulumi";
import { spareFrames } from "../doors/dynamic/host-quirks.ts";
import { providerText } from "../doors/dynamic/provider-text.ts";
import { optionsKey } from "../doors/dynamic/resource-options.ts";
import type { Timing } from "../provider/index.ts";
import { companionName, companionOptions, recordOf } from "./companion.ts";
import { doorOf, tokensOf } from "./doors.ts";
import generated from "./generated/outputs.json" with { type: "json" };
import { isInstanceOf } from "./is-instance.ts";
import { hiddenOptions, refuseImpossible } from "./options.ts";
import { warnOfPlainCredentials } from "./plain-credentials.ts";
import { pulumi } from "./pulumi.ts";
import { refuseOthersInRehearsal } from "./rehearsal.ts";

const outputNames: Record<string, string[] | undefined> = generated;

/** Any part of a value may be an Output. */
export type DeepInput<T> = Pulumi.Input<
  T extends readonly (infer E)[] ? DeepInput<E>[] : T extends object ? { [K in keyof T]: DeepInput<T[K]> } : T
>;

/** What a program passes for an interface of inputs. */
export type Args<I> = { [K in keyof I]: DeepInput<I[K]> };

/** What a resource hands out: its outputs, and its inputs under their own names. */
export type Outputs<T> = { readonly [K in keyof T]-?: Pulumi.Output<T[K]> };

/** A resource with inputs `I` and further outputs `O`. */
type ResourceOf<I, O> = Pulumi.CustomResource & Outputs<I & O & Timing>;

/** Its class. */
export interface ResourceClass<I, O> {
  new (name: string, args: Args<I>, opts?: Pulumi.CustomResourceOptions): ResourceOf<I, O>;
  /** Whether it is a resource of this class, made by whichever copy of this package. */
  isInstance(obj: unknown): obj is ResourceOf<I, O>;
}

/**
 * The class of a resource of one system.
 *
 * A dynamic resource carries the program text of its provider in its state. Ours is a constant line that loads the installed
 * package: no credential, no closure, the same on every machine (provider/README.md has the figures).
 */
export function resourceClass<I extends object, O>(system: string, type: string): ResourceClass<I, O> {
  const outputs = outputNames[type] ?? [];
  // What records, ahead of a run, what was there before it (provider/README.md, "Write-ahead intent").
  const companion = `${type}Intent`;
  const Companion = outputNames[companion] && resourceClass<I, { before: unknown }>(system, companion);
  const tokens = tokensOf(system, type);
  class Resource extends pulumi.CustomResource {
    constructor(name: string, args: Args<I>, opts: Pulumi.CustomResourceOptions = {}) {
      warnOfPlainCredentials();
      refuseOthersInRehearsal();
      const door = doorOf(opts, tokens.native);
      const token = tokens[door];
      if (door === "dynamic") refuseImpossible(`${system}.${type} ${JSON.stringify(name)}`, opts);
      // Registered, and so carried out, ahead of the run: what it saw is in state before the run begins.
      const before =
        Companion &&
        recordOf(
          new Companion(companionName(name), args, companionOptions(opts)),
          // A run whose companion has not looked yet is told from one without; and a plan that is carried out later (`up --plan`) holds
          // that there is going to be a record.
          pulumi.unknown,
        );
      const props: Pulumi.Inputs = {
        ...Object.fromEntries(outputs.map((output) => [output, undefined])),
        ...sealed(args),
        ...(door === "native"
          ? { ...(before && { before }) }
          : { ...dynamicProps(name, token, opts, `${system}:${type}`), ...(before && { __before: before }) }),
      };
      const frames = spareFrames(runsTransformations(opts));
      try {
        super(token, name, props, {
          ...replacing,
          ...opts,
          // Where it was while the program went through the other door: then nothing is replaced.
          aliases: [...(opts.aliases ?? []), { type: tokens[door === "native" ? "dynamic" : "native"] }],
        });
      } catch (error) {
        throw frames.giveBack(error, Resource);
      } finally {
        frames.restore();
      }
    }

    static override readonly isInstance = isInstanceOf<Resource>(
      Object.values(tokens),
      // The classes of this package extend this one directly.
      (asked) => Object.getPrototypeOf(asked) === Resource,
    );
  }
  return Resource as unknown as ResourceClass<I, O>;
}

/** What Pulumi's dynamic host has to be told beside the inputs: keys with two underscores stay out of the display. */
function dynamicProps(
  name: string,
  token: string,
  opts: Pulumi.CustomResourceOptions,
  type: string,
): Pulumi.Inputs {
  const options = hiddenOptions(opts);
  return {
    __provider: providerText(type),
    // It is never told either of these (measured).
    __urn: urnOf(name, token, opts.parent),
    __preview: pulumi.runtime.isDryRun(),
    ...(options && { [optionsKey]: options }),
  };
}

/**
 * What the user has replaced is deleted first. The provider says so in its `diff`, but with `--replace` and after `pulumi state taint` the engine
 * does not ask for one; it asks for a delete only, which tells the host that a run is forced again.
 */
const replacing: Pulumi.CustomResourceOptions = { deleteBeforeReplace: true };

/** Whether code of the program runs while the resource is registered. */
function runsTransformations({ parent, transformations }: Pulumi.CustomResourceOptions): boolean {
  const above = (parent ?? pulumi.runtime.getStackResource()) as
    | { __transformations?: unknown[] }
    | undefined;
  return [transformations, above?.__transformations].some((list) => list !== undefined && list.length > 0);
}

/**
 * As a promise, which carries no dependency: as an Output it would make a component's child wait for the component, and so for
 * itself.
 */
function urnOf(name: string, token: string, parent: Pulumi.Resource | undefined): string | Promise<string> {
  // What createUrn would come to, without the Outputs that it makes on the way.
  if (!parent) return `urn:pulumi:${pulumi.getStack()}::${pulumi.getProject()}::${token}::${name}`;
  return new Promise((resolve) => pulumi.createUrn(name, token, parent).apply(resolve));
}

/** Inline connections may hold credentials: they are marked secret, whatever the program did. */
function sealed(args: object): Pulumi.Inputs {
  const inputs: Pulumi.Inputs = { ...args };
  for (const key of ["connection", "director"]) if (key in inputs) inputs[key] = sealOne(inputs[key]);
  if (Array.isArray(inputs.nodes)) inputs.nodes = inputs.nodes.map(sealOne);
  else if (inputs.nodes !== undefined) inputs.nodes = pulumi.secret(inputs.nodes);
  if (isPlainObject(inputs.clusters)) {
    inputs.clusters = Object.fromEntries(
      Object.entries(inputs.clusters).map(([name, value]) => [name, sealOne(value)]),
    );
  } else if (inputs.clusters !== undefined) inputs.clusters = pulumi.secret(inputs.clusters);
  return inputs;
}

function sealOne(reference: unknown): unknown {
  return reference === undefined || typeof reference === "string" ? reference : pulumi.secret(reference);
}

function isPlainObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
