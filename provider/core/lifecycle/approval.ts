import { settingOf } from "../connection/setting.ts";
import { advice } from "../data/advice.ts";
import { type Approval, type Approved, type Facts, factsLine, readToken } from "../data/approval.ts";
import { InputError, Refusal } from "../data/errors.ts";
import type { Failure } from "../data/inputs.ts";
import { oneLine } from "../data/one-line.ts";
import { isObject, withoutUndefined } from "../data/values.ts";
import { isRehearsal } from "../http/rehearsal.ts";
import type { Context } from "../work/context.ts";
import type { Scope } from "../work/scope.ts";
import { addressesIn, destinationsOf, isSameDestination } from "./destinations.ts";
import type { Change, Looked } from "./facts.ts";
import { intentOf } from "./intent.ts";
import type { Forecast, Properties, Spec } from "./resource.ts";
import { noteSent, sentBefore } from "./sent-before.ts";
import { shapeOf, waysOf } from "./shape.ts";

/*
 * `clusterops:expect`. A preview is read by a person, and carried out later, by somebody else or by nobody's hand. With `report` it says what
 * it has looked at; what a report has made of that comes back as a token, and whatever has become another decision since is refused.
 */

const name = "expect";

/** What is expected of this run. */
interface Expectation {
  at: string;
  /** Absent: it is only asked what was looked at. */
  approved?: Approved;
}

/** One operation, or what looks ahead for it. */
interface Asked {
  inputs: Properties;
  recorded: Properties | undefined;
  isAhead: boolean;
}

/** @throws InputError where the setting is none, or another stack's */
export function expectationOf({ config, planned }: Context): Expectation | undefined {
  // What was approved is the real change: a rehearsal sends nothing that anybody has to approve.
  const setting = isRehearsal(process.env) ? undefined : settingOf(name, config);
  if (!setting) return undefined;
  const { at, text } = setting;
  if (text.trim() === "report") return { at };
  const approved = readToken(text);
  if (!approved)
    throw new InputError(
      at,
      `is neither "report" nor a fingerprint as plan-report prints it, from the first to the last letter`,
    );
  if (approved.program !== planned?.program)
    throw new InputError(at, `is the fingerprint of ${titleOf(approved)}, and this is ${titleOf(planned)}`);
  return { at, approved };
}

function titleOf({ program }: { program?: string } = {}): string {
  return program === undefined ? "a Terraform plan" : `the stack ${program}`;
}

/** For a plan: what is no longer as it was approved, or, where that is asked for, a line of what was looked at. */
export async function foreseeApproval(
  spec: Spec,
  context: Context,
  scope: Scope,
  asked: { inputs: Properties; recorded: Properties | undefined; isUpdate: boolean },
  { plan, warnings = [], refusals = [] }: Forecast,
): Promise<{ refusals: Failure[]; line?: string }> {
  const expected = expectationOf(context);
  if (!expected || refusals.length > 0) return { refusals };
  const { at, approved } = expected;
  const { inputs } = asked;
  if (approved) {
    const why = plan && (await objection(spec, context, scope, { ...asked, isAhead: true }, approved));
    return { refusals: why ? [{ property: at, reason: `${why}. ${cure(at)}` }] : [] };
  }
  if (asked.isUpdate || (plan === undefined && warnings.length === 0)) return { refusals };
  const { facts } = await look(spec, scope, { ...asked, isAhead: true });
  const line = withoutUndefined({
    ...named(spec, context, inputs),
    inputs: digestOf(spec, inputs),
    facts,
    at: destinationsOf(spec, context, scope, inputs),
    plan,
  });
  return { refusals, line: scope.redact(factsLine(line)) };
}

/**
 * Has the operation's first request judged by what was approved.
 *
 * @param unfinished what is recorded of work that has not ended: where the same is asked for, it is resumed, whatever has changed since
 */
export function holdToApproval(
  spec: Spec,
  context: Context,
  scope: Scope,
  {
    inputs,
    recorded,
    unfinished,
  }: Pick<Asked, "inputs" | "recorded"> & { unfinished: Properties | undefined },
): void {
  const expected = expectationOf(context);
  if (!expected?.approved) return;
  const { at, approved } = expected;
  const intent = (asked: Properties) => digestOf(spec, asked) + JSON.stringify(asked.triggers);
  const isResumed = unfinished !== undefined && intent(unfinished) === intent(inputs);
  scope.judges.push(async (decision, { target }) => {
    if (!isResumed && !decision.requests.haveLeft) {
      const why = await objection(spec, context, decision, { inputs, recorded, isAhead: false }, approved);
      if (why) throw new Refusal(at, refused(at, why));
    }
    noteSent(decision, target);
  });
}

/** For a plan: the same of a delete, of which some engines ask ahead. */
export function foreseeDeletion(spec: Spec, context: Context, inputs: Properties): Failure[] {
  const expected = expectationOf(context);
  if (!expected) return [];
  const { at, approved } = expected;
  if (approved)
    return isDeletionApproved(spec, context, inputs, approved)
      ? []
      : [{ property: at, reason: `${unapprovedDeletion}. ${cure(at)}` }];
  context.inform(factsLine({ ...named(spec, context, inputs), facts: {}, isDeleted: true }));
  return [];
}

const unapprovedDeletion = "its deletion is not part of what was approved";

function isDeletionApproved(spec: Spec, context: Context, inputs: Properties, approved: Approved): boolean {
  return approvalOf(spec, context, inputs, approved)?.isDeleted === true;
}

/** The same for a delete: nothing is compared, since it gives back what was taken. */
export function holdDeletionToApproval(spec: Spec, context: Context, scope: Scope, inputs: Properties): void {
  const expected = expectationOf(context);
  if (!expected?.approved) return;
  const { at, approved } = expected;
  scope.judges.push(async (decision, { target }) => {
    if (!isDeletionApproved(spec, context, inputs, approved))
      throw new Refusal(at, refused(at, unapprovedDeletion));
    noteSent(decision, target);
  });
}

function refused(at: string, why: string): string {
  return `${why}; nothing was sent. ${cure(at)}`;
}

function cure(at: string): string {
  const without = at.startsWith("clusterops:") ? advice.unset(at) : `unset ${at}`;
  return `Make a new preview and have it approved; to go ahead without: ${without}`;
}

/** What is not as it was approved. */
async function objection(
  spec: Spec,
  context: Context,
  scope: Scope,
  asked: Asked,
  approved: Approved,
): Promise<string | undefined> {
  const { facts, explains, isHealed } = await look(spec, scope, asked);
  if (isHealed) return undefined;
  const approval = approvalOf(spec, context, asked.inputs, approved);
  if (approval?.inputs === undefined)
    return "it is not part of what was approved: nothing was to be sent for it";
  if (approval.inputs !== digestOf(spec, asked.inputs)) return "its inputs are others than were approved";
  const at = destinationsOf(spec, context, scope, asked.inputs);
  // Elsewhere may look the same, and nothing that is seen there was approved.
  const moves = differences(
    approval.at ?? {},
    at,
    " leads to",
    (_, { was, is }) => !isSameDestination(was, is),
  );
  const sent = sentBefore(scope, waysOf(spec, scope, asked.inputs));
  const changes =
    moves.length > 0
      ? moves
      : differences(
          approval.facts,
          facts,
          "",
          (fact, change) => change.was !== change.is && !explains?.(fact, change, sent),
        );
  return changes.length > 0 ? `since it was approved, this has changed: ${changes.join("; ")}` : undefined;
}

/** What differs, in words. @param verb between a name and what it was */
function differences(
  before: Facts,
  now: Facts,
  verb: string,
  differs: (fact: string, change: Change) => boolean,
): string[] {
  return Object.keys({ ...before, ...now }).flatMap((fact) => {
    const [was = "unknown", is = "unknown"] = [before[fact], now[fact]];
    return differs(fact, { was, is }) ? [`${fact}${verb}: was ${was}, is ${is}`] : [];
  });
}

/** As a report has it: the same texts, blanked in the same way. */
async function look(spec: Spec, scope: Scope, { inputs, recorded, isAhead }: Asked): Promise<Looked> {
  const looked = (await spec.facts?.(scope, inputs, recorded, { isAhead })) ?? { facts: {} };
  const facts = Object.entries(looked.facts)
    .map(([fact, is]) => [scope.redact(fact), scope.redact(is)])
    .sort(([one = ""], [other = ""]) => (one < other ? -1 : 1));
  return { ...looked, facts: Object.fromEntries(facts) };
}

function approvalOf(
  spec: Spec,
  context: Context,
  inputs: Properties,
  { resources }: Approved,
): Approval | undefined {
  const { resource } = named(spec, context, inputs);
  return Object.hasOwn(resources, resource) ? resources[resource] : undefined;
}

/** As the program names it; where the door is told no name that stays, by what it stands for and where: a name alone may lead elsewhere. */
function named(spec: Spec, context: Context, inputs: Properties): { program?: string; resource: string } {
  const { planned } = context;
  // A line of a preview holds nothing that a terminal would obey.
  if (planned) return { program: planned.program, resource: oneLine(planned.resource) };
  const where = addressesIn(spec, context, inputs).map(([, addresses]) => addresses.join(","));
  return { resource: `${spec.system.name}:${spec.type} ${spec.id(inputs)} at ${where.join(", ")}` };
}

/** Tells what is asked for from other inputs. How it is reached and how long it may take is none of it, nor what has it run again. */
function digestOf(spec: Spec, inputs: Properties): string {
  const settings = spec.connections(inputs).flatMap(([property, reference]) => {
    return isObject(reference) ? property.replace(/[.[].*$/, "") : [];
  });
  const left = new Set(["connection", "timeout", "triggers", ...settings]);
  return intentOf(spec.type, withoutUndefined(shapeOf(spec).complete(inputs)), left).slice(0, 8);
}
