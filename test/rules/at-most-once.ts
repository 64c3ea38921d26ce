import assert from "node:assert/strict";
import type { FaultKind } from "../../simulators/index.ts";
import { type ResourceCase, type Suite, withHarness } from "./resource-case.ts";

/** Ways for an answer to get lost. A hang before the request is handled, and one after, look the same from outside. */
const losses: [FaultKind, ("before" | "after")[]][] = [
  [{ kind: "reset" }, ["before", "after"]],
  [{ kind: "status", status: 500 }, ["before", "after"]],
  [{ kind: "status", status: 503, headers: { "retry-after": "0" } }, ["before", "after"]],
  [{ kind: "status", status: 504 }, ["before", "after"]],
  [{ kind: "hang" }, ["before", "after"]],
  [{ kind: "truncatedBody" }, ["after"]],
  [{ kind: "html" }, ["after"]],
];

interface Loss {
  resource: ResourceCase;
  fault: FaultKind;
  when: "before" | "after";
  /** Which of the intent's requests. */
  skip: number;
}

/** Rule 2: a mutating request is sent at most once per intent, whatever becomes of its answer. */
export function atMostOnce({ door, cases, tables }: Suite): void {
  const rows: Loss[] = cases.flatMap((resource) =>
    losses.flatMap(([fault, whens]) =>
      whens.flatMap((when) =>
        Array.from({ length: resource.costs }, (_, skip) => ({
          resource,
          fault,
          when,
          skip,
        })),
      ),
    ),
  );
  const word = (fault: FaultKind) => (fault.kind === "status" ? String(fault.status) : fault.kind);

  describe("has its effect at most once, whatever becomes of the answer", function () {
    this.timeout(60_000);
    tables.each(
      rows,
      ({ resource: { type, costs }, fault, when, skip }) =>
        `${type}: ${word(fault)} ${when} request ${skip + 1} of ${costs} was handled`,
      ({ resource, fault, when, skip }) =>
        withHarness(
          door,
          resource,
          async ({ simulator, stack, good }) => {
            const loss = simulator.fault({ ...fault, when, skip, match: resource.request });
            // A request that may still take effect is waited for, and sent again only when it no longer can.
            const inputs = { ...good, timeout: "25s" };
            const first = await stack.up(inputs).catch((error: Error) => error);
            assert.equal(loss.hits, 1, "the fault took place");
            const { mutating } = simulator.counts();
            if (!resource.leavesMark) {
              // Nothing tells whether it was carried out, and a second one does no harm: one loss, one repetition.
              assert.ok(mutating <= resource.costs + 1, `${mutating} requests in one up: ${first}`);
              assert.equal(stack.state?.unready, false, String(first));
              return;
            }
            for (let ups = 1; ups < 4 && stack.state?.unready !== false; ups++)
              await stack.up(inputs).catch(() => {});
            assert.equal(simulator.counts().effects, resource.costs);
            if (when === "after") assert.equal(simulator.counts().mutating, resource.costs);
            assert.equal(await stack.up(inputs), "same");
          },
          { settings: { requestTimeout: "2s" } },
        ),
    );
  });
}
