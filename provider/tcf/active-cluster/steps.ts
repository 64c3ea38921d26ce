import { Refusal } from "../../core/data/errors.ts";
import { type Federation, findIn, is, isMember, type Member, nameAll } from "../federation.ts";

/** One mutating call, and the cluster whose endpoint gets it. */
export interface Step {
  call: "demote" | "promote" | "toggle";
  on: Member;
}

/** What decides on the way from one active cluster to the other. */
export interface Wish {
  active: string;
  strategy?: "demoteThenPromote" | "toggle";
  force?: boolean;
  resolveBothActive?: boolean;
}

/** The cluster that is to be active, and the other one. @throws Refusal when `active` names neither, or may mean either */
export function pairOf(federation: Federation, active: string): { target: Member; other: Member } {
  const target = findIn(federation, active);
  if (!isMember(target)) {
    const word = JSON.stringify(active);
    const reason = target
      ? `${word} cannot be told: ${target.unclear}; write a name, ${nameAll(federation)}`
      : `${word} names no cluster of the federation: it has ${nameAll(federation)}`;
    throw new Refusal("active", reason);
  }
  return { target, other: federation[0] === target ? federation[1] : federation[0] };
}

/**
 * The calls that lead from a settled federation to the wished one; none when it is there. Only the first is ever sent on
 * this knowledge: the federation is read again before the next.
 *
 * @throws Refusal when both are active and nothing says which may be demoted
 */
export function stepsTowards(wish: Wish, target: Member, other: Member): Step[] {
  const promote: Step = { call: "promote", on: target };
  // Only with `force` does it come to this: the other cluster is silent, so nothing can be asked of it.
  if (other.trouble) return is(target, "active") ? [] : [promote];
  const demote: Step = { call: "demote", on: other };
  if (is(target, "active")) {
    if (!is(other, "active")) return [];
    if (wish.resolveBothActive) return [demote];
    throw new Refusal(
      "active",
      `both clusters are active, and each may hold writes that the other lacks; resolveBothActive: true demotes ${other.name}`,
    );
  }
  if (!is(other, "active")) return [promote];
  return wish.strategy === "toggle" ? [{ call: "toggle", on: target }] : [demote, promote];
}

/** In the vendor's words: `demote cluster1, then promote cluster2`. */
export function describeSteps(steps: readonly Step[], other: Member): string {
  return steps
    .map(({ call, on }) =>
      call === "toggle" ? `toggle: ${other.name} becomes passive, ${on.name} active` : `${call} ${on.name}`,
    )
    .join(", then ");
}
