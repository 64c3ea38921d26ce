import { clock } from "../../core/data/clock.ts";
import { messageOf, Refusal, RequestError } from "../../core/data/errors.ts";
import type { CallOptions } from "../../core/http/http.ts";
import type { Scope } from "../../core/work/scope.ts";
import { waitFor } from "../../core/work/wait.ts";
import { listLag } from "../federation.ts";
import { firstOf } from "../first-of.ts";
import { withClusters } from "../look.ts";
import { send } from "../sending.ts";
import { awaitStable, confirmation, type StableLook, stableTime } from "../stability.ts";
import {
  keepReached,
  keepTakenBack,
  recordedSwitch,
  type SwitchRequest,
  takenBackRefusal,
  undoneSince,
} from "../taken-back.ts";
import { type ClusterRoleInputs, type Recorded, timeout } from "./inputs.ts";
import {
  changedRefusal,
  describeOneSide,
  type Hints,
  identityRefusal,
  isKnown,
  lookAtOneSide,
  misplacedRefusal,
  nameAll,
  type OneSide,
  otherNameRefusal,
  secondActiveRefusal,
} from "./one-side.ts";

/** Brings the cluster into its role where it is not in it, and sees it stand. */
export function takeRole(
  scope: Scope,
  inputs: ClusterRoleInputs,
  recorded: Recorded,
  known: { name: string; hints: Hints },
): Promise<OneSide> {
  const last = recordedSwitch(recorded);
  return withClusters([scope.http], scope.signal, async () => {
    const hints = { ...known.hints };
    const watch = watcher(scope, hints);
    try {
      const reached = await switchRole(scope, inputs, recorded, { ...known, hints, watch });
      if (reached.entry) hints.remembered = reached.entry;
      const isPending = last !== undefined && !last.takenBack && last.call === callFor(inputs);
      const time = scope.kept || isPending ? stableTime(inputs, timeout) : 0;
      if (time > 0) keepReached(scope, recorded, requestOf(inputs));
      return finish(scope, inputs, hints, time > 0 ? await stable(scope, inputs, hints, time) : reached);
    } catch (error) {
      keepTakenBack(scope, error, requestOf(inputs), recorded);
      throw error;
    }
  });
}

async function switchRole(
  scope: Scope,
  inputs: ClusterRoleInputs,
  recorded: Recorded,
  { name, hints, watch }: { name: string; hints: Hints; watch: Watch },
): Promise<OneSide> {
  const { role, force } = inputs;
  const call = callFor(inputs);
  const known = { ...hints };
  const self = await settled(watch, inputs, hints, name);
  if (self.entry) hints.remembered = self.entry;
  if (self.own === role) return self;
  // An id alone permits nothing: in another cluster's list it may mean this one.
  const unclear = hints.cluster === undefined ? undefined : identityRefusal(self, known);
  // A federation without an active cluster is healed whatever was before.
  const isHealing =
    role === "active" && self.others.length > 0 && self.others.every(({ status }) => status === "passive");
  const refusal =
    unclear ??
    otherNameRefusal(self, known) ??
    (role === "active" && !force ? secondActiveRefusal(self) : undefined) ??
    (isHealing
      ? undefined
      : (undoneSince(recorded, requestOf(inputs), describeOneSide(self)) ??
        takenBackRefusal(scope, recorded, "role", requestOf(inputs))));
  if (refusal) throw refusal;
  const on = self.entry?.name ?? name;
  await send(scope, {
    call,
    on,
    // Once it is passive as well, the list may not tell any more which one it was.
    outputs: identityOf(self, recorded),
    http: scope.http,
    readBack: (judge) =>
      watch(`${call} ${on}`, (now) => judge(now !== undefined && now.own !== self.own, now !== undefined)),
  });
  const contradicted = contradictions(hints);
  return watch(`${call} ${on}`, (now) => {
    const refusal = contradicted(now?.own === role ? now : undefined);
    if (refusal) throw refusal;
    return now?.own === role && now.isAgreed ? now : undefined;
  });
}

/** Tells of a contradiction between a cluster's own word and its list that has stayed for longer than lists lag. */
function contradictions(hints: Hints): (now: OneSide | undefined) => Refusal | undefined {
  let since: number | undefined;
  return (now) => {
    const isContradiction = now !== undefined && !now.isAgreed && isKnown(now.own);
    since = isContradiction ? (since ?? clock.elapsed()) : undefined;
    if (!now || since === undefined || clock.elapsed() - since <= listLag) return undefined;
    return misplacedRefusal(now, hints) ?? changedRefusal(now, hints) ?? unlisted(now);
  };
}

function callFor({ role }: ClusterRoleInputs): "promote" | "demote" {
  return role === "active" ? "promote" : "demote";
}

/** Looks until `judge` comes to something. What cannot be read is waited for: undefined. A list that fails is asked for once more. */
type Watch = <R>(what: string, judge: (now: OneSide | undefined) => R | undefined) => Promise<R>;

function watcher(scope: Scope, hints: Hints): Watch {
  return <R>(what: string, judge: (now: OneSide | undefined) => R | undefined) => {
    const isFirst = firstOf();
    return waitFor<OneSide | Error, R>(scope, {
      what,
      look: (options) => readable(scope, options, hints),
      judge(seen) {
        const now = seen instanceof Error ? undefined : seen;
        const done = isFirst(now?.trouble !== undefined) ? undefined : judge(now);
        if (done !== undefined) return { done };
        return { pending: now ? describeOneSide(now) : `not readable: ${messageOf(seen)}` };
      },
    });
  };
}

/** One look, or why it failed. */
function readable(scope: Scope, options: CallOptions, hints: Hints): Promise<OneSide | Error> {
  return lookAtOneSide(scope.http, { ...options, patience: "once" }, hints).catch((error: Error) => {
    options.signal.throwIfAborted();
    if (!(error instanceof RequestError)) throw error;
    return error;
  });
}

/** What is known once nothing is changing any more: the knowledge on which a call may be sent. */
function settled(
  watch: Watch,
  { role, force }: ClusterRoleInputs,
  hints: Hints,
  name: string,
): Promise<OneSide> {
  const contradicted = contradictions(hints);
  return watch(`${name} to settle`, (now) => {
    const refusal = contradicted(now);
    if (refusal) throw refusal;
    if (!now) return undefined;
    const mayWaitForOthers = role === "active" && now.own !== role && !force;
    const othersSettled = !mayWaitForOthers || now.others.every(({ status }) => isKnown(status));
    return isKnown(now.own) && now.isAgreed && othersSettled ? now : undefined;
  });
}

/** The cluster once its role has stood. */
function stable(scope: Scope, { role }: ClusterRoleInputs, hints: Hints, time: number): Promise<OneSide> {
  return awaitStable<OneSide>(scope, {
    done: `the switch to ${role}`,
    where: scope.http.connection.endpoints[0],
    time,
    async look(options): Promise<StableLook<OneSide>> {
      let seen = await readable(scope, options, hints);
      // One stale answer is no take-back: what looks like one is looked at again.
      if (!(seen instanceof Error) && seen.own !== role) {
        await clock.pause(confirmation, options.signal);
        seen = await readable(scope, options, hints);
      }
      if (seen instanceof Error) return { unclear: `not readable: ${messageOf(seen)}` };
      const text = describeOneSide(seen);
      if (seen.own === role && seen.isAgreed) return { stands: seen, seen: text };
      return isKnown(seen.own) && seen.own !== role && seen.isAgreed ? { undone: text } : { unclear: text };
    },
  });
}

/** What asks for a switch. */
export function requestOf({ role, force, stableFor }: ClusterRoleInputs): SwitchRequest {
  return { goal: role, force, stableFor };
}

function unlisted({ own, list = [] }: OneSide): Refusal | undefined {
  if (!isKnown(own) || list.length > 1) return undefined;
  return new Refusal(
    "connection",
    `the cluster says that it is ${own}, and lists ${nameAll(list)} only: its own entry is missing`,
  );
}

function finish(scope: Scope, { role }: ClusterRoleInputs, hints: Hints, reached: OneSide): OneSide {
  const refusal = identityRefusal(reached, hints);
  if (refusal) throw refusal;
  if (role === "active" && reached.others.some(({ status }) => status === "active"))
    scope.warn(`both clusters are active: ${describeOneSide(reached)}`);
  return reached;
}

export function identityOf(
  { entry }: OneSide,
  recorded: Recorded,
): { clusterId?: string; clusterName?: string } {
  return { clusterId: entry?.id ?? recorded?.clusterId, clusterName: entry?.name ?? recorded?.clusterName };
}
