import { clock } from "../../core/data/clock.ts";
import { messageOf, Refusal, reworded } from "../../core/data/errors.ts";
import { memberPath } from "../../core/data/inputs.ts";
import {
  areCrossed,
  describe,
  describeMisplaced,
  type Federation,
  isSettled,
  misplaced,
} from "../federation.ts";
import { pairOf, type Wish } from "./steps.ts";

/** A blip must not make two actives: `force` goes on without the other side once it has been silent for so long. */
const silence = 2_500;

/** Whether the known words are enough to go on with: both clusters', or with `force` the target's alone. */
export function isReady(seen: Federation, { active, force }: Wish): boolean {
  const { target, other } = pairOf(seen, active);
  if (target.trouble || !isSettled(target)) return false;
  if (!other.trouble) return isSettled(other);
  return force === true && clock.elapsed() - (other.silentSince as number) >= silence;
}

/** The refusal for endpoints or names that are not what they are taken for, once that has stayed so for longer than lists lag. */
export function wrongPlace(seen: Federation): Refusal | undefined {
  const wrong = misplaced(seen);
  if (wrong)
    return new Refusal(memberPath("clusters", wrong.side.key), `${wrong.name}: ${describeMisplaced(wrong)}`);
  if (!areCrossed(seen)) return undefined;
  return new Refusal(
    "clusters",
    `each side lists the opposite of the other (${describe(seen)}): do the same names stand for the same clusters on both sides?`,
  );
}

/** A side that was out of reach even after several tries: nothing is begun, unless `force` does without it. */
export function refuseUnreadable(observed: Federation, { active, force }: Wish): void {
  const { target, other } = pairOf(observed, active);
  for (const { name, side, trouble } of [target, other]) {
    if (!trouble || (side === other.side && force)) continue;
    const remedy = side === other.side ? "; force: true goes on without it" : "";
    throw reworded(
      trouble,
      `${name} cannot be read (${memberPath("clusters", side.key)}), and nothing was sent: ${messageOf(trouble)}${remedy}`,
    );
  }
}
