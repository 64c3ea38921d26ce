import { clock } from "../../core/data/clock.ts";
import { messageOf, type Refusal } from "../../core/data/errors.ts";
import { deciding } from "../../core/work/deciding.ts";
import type { Scope } from "../../core/work/scope.ts";
import { effects } from "../client.ts";
import { type Direction, effectSeen, mayBeUndoneFor, roleOf } from "../late.ts";
import { withClusters } from "../look.ts";
import { mayHaveLanded, type Sending, type Sent, send, type Tries } from "../sending.ts";
import { awaitStable, confirmation, type StableLook, stableTime } from "../stability.ts";
import { type SwitchRecord, switchRecord } from "../taken-back.ts";
import { type ClusterRoleInputs, type Recorded, timeout } from "./inputs.ts";
import {
  areOthersPassive,
  describeOneSide,
  type Hints,
  hasActive,
  identityRefusal,
  isGuessed,
  isKnown,
  type OneSide,
  otherNameRefusal,
  secondActiveRefusal,
} from "./one-side.ts";
import { activeAfter, callFor, requestOf } from "./request.ts";
import { type Announced, announcePromotion } from "./rivals.ts";
import { contradictions, readable, settled, type Watcher, watcher } from "./watch.ts";

/** A turn that is had within so many milliseconds was not waited for. */
const atOnce = 50;

/** Brings the cluster into its role where it is not in it, and sees it stand. */
export function takeRole(
  scope: Scope,
  inputs: ClusterRoleInputs,
  recorded: Recorded,
  known: { name: string; hints: Hints; observed: OneSide | undefined },
): Promise<OneSide> {
  const record = switchRecord(scope, recorded, "role", requestOf(inputs));
  const { last } = record;
  const hints = { ...known.hints };
  const asked = clock.elapsed();
  return withClusters(scope, [scope.http], async () => {
    // Whoever had to wait for a turn looks again.
    let first = clock.elapsed() - asked < atOnce ? known.observed : undefined;
    const progress = { hasTried: false, tries: {} };
    try {
      const reached = await deciding(scope, async (decision) => {
        const observed = first;
        first = undefined;
        const taking = { ...known, hints, observed, record, recorded, progress };
        return switchRole(decision, inputs, taking);
      });
      if (reached.entry) hints.remembered = reached.entry;
      const isPending = last !== undefined && !last.takenBack && last.call === callFor(inputs);
      // What was sent, and found to be so when it was decided anew, has to stand as well.
      const time = progress.hasTried || isPending ? stableTime(inputs, timeout) : 0;
      if (time > 0) record.keepReached();
      return finish(scope, inputs, hints, time > 0 ? await stable(scope, inputs, hints, time) : reached);
    } catch (error) {
      record.keepTakenBack(error);
      throw error;
    }
  });
}

interface Taking {
  name: string;
  hints: Hints;
  observed: OneSide | undefined;
  record: SwitchRecord;
  recorded: Recorded;
  /** Whether this operation has sent something, whatever became of it. */
  progress: { hasTried: boolean; tries: Tries };
}

async function switchRole(
  scope: Scope,
  inputs: ClusterRoleInputs,
  { name, hints, observed, record, recorded, progress }: Taking,
): Promise<OneSide> {
  const { role, force } = inputs;
  const call = callFor(inputs);
  const watching = watcher(scope, hints);
  const { watch } = watching;
  let first = observed;
  let announced: Announced | undefined;
  try {
    for (;;) {
      const known = { ...hints };
      const self = await settled(watch, inputs, hints, name, first);
      first = undefined;
      if (self.entry && isGuessed(hints)) {
        const again = await watch(`${name} to be told twice`, (now) => (now?.trouble ? undefined : now));
        if (again.own !== self.own || again.entry?.name !== self.entry.name) {
          await clock.pause(confirmation, scope.signal);
          continue;
        }
      }
      if (self.entry) hints.remembered = self.entry;
      const towards: Direction = { ways: [scope.http], active: activeAfter(call, self, name) };
      noteEarlier(scope, record.last, self, name);
      if (self.own === role) {
        if (mayBeUndoneFor(towards) === 0) return self;
        await watch("an earlier call, which may still be carried out", (now) => {
          return (now && now.own !== role) || mayBeUndoneFor(towards) === 0 || undefined;
        });
        continue;
      }
      const objection = objectionTo(inputs, self, known, { record, wasSent: progress.hasTried });
      if (objection) throw objection;
      if (role === "active") announced ??= announcePromotion(scope, self);
      const isBehind = () => !force && announced?.isBehind() === true;
      if (isBehind()) {
        await watch("another cluster of these names, which is being promoted", (now) => {
          return (now && hasActive(now)) || !isBehind() || undefined;
        });
        continue;
      }
      const on = self.entry?.name ?? name;
      const sending: Sending = {
        call,
        on,
        // Once it is passive as well, the list may not tell any more which one it was.
        outputs: identityOf(self, recorded),
        way: scope.http,
        tries: progress.tries,
        restores: role === "active" && areOthersPassive(self),
        towards,
        async look() {
          const now = await readable(scope, scope, hints);
          if (now instanceof Error) return { hasChanged: false, isReadable: false };
          // No demotion makes another one active.
          const isOthers = call === "demote" && !hasActive(self) && hasActive(now);
          return { hasChanged: now.own !== self.own, isOthers, isReadable: true };
        },
      };
      progress.hasTried = true;
      return await seeThrough(scope, sending, { role, self, hints, watching, announced });
    }
  } finally {
    announced?.ended(0);
  }
}

/** What an interrupted operation had sent is not to be expected any more where its effect is there. */
function noteEarlier(scope: Scope, last: SwitchRecord["last"], self: OneSide, name: string): void {
  if (!last || last.call === "toggle" || self.own !== (last.call === "promote" ? "active" : "passive"))
    return;
  const towards: Direction = { ways: [scope.http], active: activeAfter(last.call, self, name) };
  effectSeen(scope, roleOf(last.call, towards, last.sentAt), last.sentAt);
}

/** Sends the call, and waits for its effect: its own word first, and then that its list agrees. */
async function seeThrough(
  scope: Scope,
  sending: Sending,
  {
    role,
    self,
    hints,
    watching: { watch, watchWord },
    announced,
  }: {
    role: ClusterRoleInputs["role"];
    self: OneSide;
    hints: Hints;
    watching: Watcher;
    announced: Announced | undefined;
  },
): Promise<OneSide> {
  const what = `${sending.call} ${sending.on}`;
  const open = effects[sending.call].mayLandWithin + sending.way.connection.requestTimeout;
  let sent: Sent | undefined;
  try {
    sent = await send(scope, sending);
    await watchWord(what, self.own, () => announced?.seen());
    const contradicted = contradictions(hints);
    const reached = await watch(what, (now) => {
      const refusal = contradicted(now?.own === role ? now : undefined);
      if (refusal) throw refusal;
      return now?.own === role && now.isAgreed ? now : undefined;
    });
    sent.landed();
    announced?.seen();
    return reached;
  } catch (error) {
    announced?.ended(sent || mayHaveLanded(error) ? open : 0);
    throw error;
  }
}

/** Why the call must not be sent; undefined: it may. */
function objectionTo(
  inputs: ClusterRoleInputs,
  self: OneSide,
  known: Hints,
  { record, wasSent }: { record: SwitchRecord; wasSent: boolean },
): Error | undefined {
  const { role, force } = inputs;
  // An id alone permits nothing: in another cluster's list it may mean this one.
  const unclear = known.cluster === undefined ? undefined : identityRefusal(self, known);
  // A federation without an active cluster is healed whatever was before.
  const isHealing = role === "active" && areOthersPassive(self);
  return (
    unclear ??
    otherNameRefusal(self, known) ??
    (role === "active" && !force ? secondActiveRefusal(self, wasSent) : undefined) ??
    (isHealing ? undefined : record.objection(describeOneSide(self), wasSent))
  );
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

function finish(scope: Scope, { role }: ClusterRoleInputs, hints: Hints, reached: OneSide): OneSide {
  const refusal: Refusal | undefined = identityRefusal(reached, hints);
  if (refusal) throw refusal;
  if (role === "active" && hasActive(reached))
    scope.warn(`both clusters are active: ${describeOneSide(reached)}`);
  return reached;
}

export function identityOf(
  { entry }: OneSide,
  recorded: Recorded,
): { clusterId?: string; clusterName?: string } {
  return { clusterId: entry?.id ?? recorded?.clusterId, clusterName: entry?.name ?? recorded?.clusterName };
}
