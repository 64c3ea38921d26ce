import fc from "fast-check";
import { Tables } from "../rules/tables.ts";
import { type Event, faults, follow, type Model } from "./model.ts";
import { models } from "./models.ts";

/** Other events with MODEL_SEED, more of them with MODEL_RUNS; `npm test` always runs the same few. */
const seed = Number(process.env.MODEL_SEED ?? 1);
const numRuns = Number(process.env.MODEL_RUNS ?? 8);

function eventsOf({ outside }: Model): fc.Arbitrary<Event[]> {
  const event: fc.Arbitrary<Event> = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.constantFrom<Event>({ user: "up" }, { user: "refresh" }, { user: "destroy" }),
    },
    { weight: 2, arbitrary: fc.nat(2).map((to): Event => ({ user: "change", to })) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(...Object.keys(outside)).map((name): Event => ({ outside: name })),
    },
    {
      weight: 2,
      arbitrary: fc
        .constantFrom(...(Object.keys(faults) as (keyof typeof faults)[]))
        .map((name): Event => ({ breaks: name })),
    },
  );
  return fc.array(event, { minLength: 1, maxLength: 8 });
}

describe("whatever happens, in whatever order", function () {
  this.timeout(600_000);
  new Tables(models.length).each(
    models,
    ({ resource }) => `${resource.type} is as declared after an up, at the least cost`,
    (model) =>
      fc.assert(
        fc.asyncProperty(eventsOf(model), (events) => follow(model, events)),
        { seed, numRuns },
      ),
  );
});
