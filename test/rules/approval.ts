import assert from "node:assert/strict";
import { readFactsLine, tokenOf } from "../../provider/core/data/approval.ts";
import { directDoor, type Properties } from "./door.ts";
import { type Harness, type ResourceCase, withHarness } from "./resource-case.ts";
import { Stack } from "./stack.ts";

const variable = "CLUSTEROPS_EXPECT";

/** Runs some work with the setting. Tests that use it run one after the other. */
export async function expecting<T>(expect: string, work: () => Promise<T>): Promise<T> {
  const before = process.env[variable];
  process.env[variable] = expect;
  try {
    return await work();
  } finally {
    if (before === undefined) delete process.env[variable];
    else process.env[variable] = before;
  }
}

/** One resource, and the fingerprint of a preview of it. */
export interface Approved extends Harness {
  token: string;
  /** `pulumi up` with that fingerprint. */
  up(asked?: Properties): Promise<string>;
}

/**
 * A resource whose preview a person has just approved.
 *
 * @param how it is then, and with which inputs beside good ones
 */
export function withApproved(
  resource: ResourceCase,
  { before, inputs }: { before?: (simulator: Harness["simulator"]) => void; inputs?: Properties },
  work: (approved: Approved) => Promise<void>,
): Promise<void> {
  return withHarness(directDoor, resource, async (harness) => {
    const { session: preview, simulator, connections } = harness;
    const good = { ...harness.good, ...inputs };
    before?.(simulator);
    await expecting("report", () => harness.stack.preview(good));
    const token = tokenIn(preview.said.plans);
    // Another process: it has seen nothing yet.
    await using session = await directDoor.open(resource.type, connections);
    const stack = new Stack(session);
    await work({
      ...harness,
      good,
      session,
      stack,
      token,
      up: (asked = good) => expecting(token, () => stack.up(asked)),
    });
  });
}

/** The fingerprint of what a preview has said. */
export function tokenIn(said: readonly string[]): string {
  const lines = said.flatMap((text) => readFactsLine(text) ?? []);
  assert.equal(lines.length, 1, said.join("\n"));
  const resources = lines.map(({ program: _, plan: __, resource, ...looked }) => [resource, looked] as const);
  const [{ program } = {}] = lines;
  return tokenOf({ ...(program !== undefined && { program }), resources: Object.fromEntries(resources) });
}

/** Of a plan in which nothing is to be sent. */
export const nothing: string = tokenOf({ resources: {} });
