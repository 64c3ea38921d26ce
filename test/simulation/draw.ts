import { throughDoors } from "./doors.ts";
import { drawMotif } from "./motifs.ts";
import { edited } from "./program.ts";
import type {
  Boundary,
  Command,
  Declaration,
  Edit,
  Fault,
  StackStory,
  Step,
  Story,
  SystemChoice,
  Trouble,
} from "./story.ts";
import { models } from "./systems/index.ts";
import { Random } from "./world/random.ts";

/** The story of a seed. */
export function draw(seed: number): Story {
  const random = new Random(seed * 2_654_435_761 + 1);
  const systems = drawSystems(random.fork());
  const stacks = drawStacks(random.fork(), systems);
  const motif = random.chance(0.5) ? drawMotif(random.fork(), stacks) : undefined;
  const faults = drawFaults(random.fork(), systems, motif?.stacks ?? stacks, motif ? few : many);
  return {
    seed,
    systems,
    ...throughDoors(new Random(seed), motif?.stacks ?? stacks, [...(motif?.faults ?? []), ...faults]),
    isUnseenAtTheEnd: random.chance(0.8),
  };
}

const systemNames: [number, SystemChoice["system"]][] = [
  [5, "redis"],
  [4, "tcf"],
  [4, "factfinder"],
  [2, "aspire"],
];

function drawSystems(random: Random): SystemChoice[] {
  const names = new Set<SystemChoice["system"]>();
  const count = random.weighted([
    [8, 1],
    [1.5, 2],
    [0.2, 3],
  ]);
  while (names.size < count) names.add(random.weighted(systemNames));
  return [...names].map((system) => ({
    system,
    options: models[system].options(random.fork()),
    auth: random.pick(models[system].auths),
    requestTimeout: random.pick([3_000, 10_000, 30_000]),
  }));
}

function drawStacks(random: Random, systems: SystemChoice[]): StackStory[] {
  const count = random.chance(0.15) ? 2 : 1;
  return Array.from({ length: count }, (_, side) => {
    const program = systems.flatMap((choice) => models[choice.system].program(random.fork(), choice, side));
    return { name: side === 0 ? "prod" : "other", program, steps: drawSteps(random.fork(), program) };
  });
}

function drawSteps(random: Random, first: readonly Declaration[]): Step[] {
  const steps: Step[] = [];
  let program = first;
  const count = random.weighted([
    [3, 1],
    [4, 2],
    [1.5, 3],
    [0.2, 5],
  ]);
  for (let index = 0; index < count; index++) {
    const command: Command =
      index === 0
        ? "up"
        : random.weighted<Command>([
            [12, "up"],
            [2, "refresh"],
            [1, "preview"],
            [1, "destroy"],
            [0.5, "state delete"],
            [0.5, "taint"],
            [0.4, "restore an older state"],
            [0.8, "upgrade the package"],
          ]);
    const edits =
      index === 0 || command !== "up" || random.chance(0.35) ? [] : drawEdits(random, program, first);
    program = edited(program, edits);
    const names = program.map(({ name }) => name);
    const step: Step = { command, after: random.spread(50, 120_000), edits };
    if (command === "up") {
      if (random.chance(0.2)) step.refresh = true;
      if (random.chance(0.4)) step.skipPreview = true;
      if (random.chance(0.2)) step.continueOnError = true;
      if (random.chance(0.05)) step.skipCheckpoints = true;
      if (random.chance(0.06) && names.length > 0) step.targets = [random.pick(names)];
      else if (random.chance(0.04) && names.length > 1) step.excludes = [random.pick(names)];
    }
    if (command === "taint" || command === "state delete") step.name = random.pick(names);
    steps.push(step);
  }
  return steps;
}

function drawEdits(random: Random, program: readonly Declaration[], first: readonly Declaration[]): Edit[] {
  const edits: Edit[] = [];
  for (const declaration of program) {
    if (!random.chance(0.6)) continue;
    const model = models[declaration.type.split(":")[0] as SystemChoice["system"]];
    const { name } = declaration;
    const kind = random.weighted([
      [8, "inputs"],
      [1.5, "remove"],
      [1, "rename"],
    ]);
    if (kind === "inputs") {
      const edit = model.edit(random, declaration);
      if (edit) edits.push(edit);
    } else if (kind === "remove") edits.push({ edit: "remove", name });
    else
      edits.push({ edit: "rename", name, to: `${name}-${random.int(2, 99)}`, withAlias: random.chance(0.6) });
  }
  // One that was only renamed is still there: declared twice, it would want to be two things.
  const isHere = (name: string) => program.some((it) => it.name === name || it.name.startsWith(`${name}-`));
  const gone = first.filter(({ name }) => !isHere(name));
  if (gone.length > 0 && random.chance(0.5)) edits.push({ edit: "add", declaration: random.pick(gone) });
  return edits;
}

/** How many things go wrong, by weight: where there is nothing else, and beside a motif. */
const many: [weight: number, count: number][] = [
  [1, 0],
  [3, 1],
  [4, 2],
  [4, 3],
  [3, 5],
  [2, 8],
  [1, 12],
];
const few: typeof many = [
  [4, 0],
  [3, 1],
  [2, 2],
  [1, 4],
];

function drawFaults(
  random: Random,
  systems: SystemChoice[],
  stacks: StackStory[],
  counts: typeof many,
): Fault[] {
  const count = random.weighted(counts);
  return Array.from({ length: count }, () => drawFault(random.fork(), systems, stacks));
}

function drawFault(random: Random, systems: SystemChoice[], stacks: StackStory[]): Fault {
  const { name: stack, steps } = random.pick(stacks);
  const step = random.int(0, steps.length - 1);
  const [boundary, what] = drawTrouble(random, systems);
  const on =
    boundary === "write"
      ? "any"
      : random.weighted<Fault["on"]>([
          [5, "mutating"],
          [3, "any"],
          [2, "read"],
          [0.5, "token"],
        ]);
  // That something is not there is a claim that one read makes.
  if (what.kind === "gateway" && what.status === 404)
    return { stack, step, boundary, on: "read", nth: random.spread(1, 25), times: 1, what };
  const nth =
    on === "mutating" || on === "token" ? random.int(1, 3) : random.spread(1, boundary === "write" ? 8 : 25);
  const times = random.chance(0.2) ? random.spread(2, 12) : 1;
  return { stack, step, boundary, on, nth, times, what };
}

function drawTrouble(random: Random, systems: SystemChoice[]): [Boundary, Trouble] {
  const ms = random.spread(100, 120_000);
  const anywhere = random.pick<Boundary>(["connect", "send", "handle", "answer", "write"]);
  const { system } = random.pick(systems);
  const act = random.pick(models[system].acts);
  return random.weighted<() => [Boundary, Trouble]>([
    [1, () => ["connect", { kind: "refuse" }]],
    [1, () => ["connect", { kind: "slow connection", ms: random.spread(500, 40_000) }]],
    [1.5, () => ["send", { kind: "lose request" }]],
    [1.5, () => ["send", { kind: "delay request", ms: random.spread(200, 60_000) }]],
    [0.5, () => ["send", { kind: "duplicate", ms: random.spread(1, 30_000) }]],
    [1, () => ["send", { kind: "reset before" }]],
    [1, () => ["send", { kind: "reset, lands later", ms: random.spread(50, 8_000) }]],
    [2.5, () => ["send", drawGateway(random)]],
    [
      1.5,
      () => ["send", { kind: "hollow 200", body: random.pick(["", "{}", "[]", '"ok"', "<html></html>"]) }],
    ],
    [1, () => ["answer", { kind: "older snapshot" }]],
    [2, () => ["answer", { kind: "lose answer" }]],
    [1, () => ["answer", { kind: "delay answer", ms: random.spread(200, 60_000) }]],
    [1.5, () => ["answer", { kind: "reset answer" }]],
    [0.7, () => ["answer", { kind: "truncate" }]],
    [0.7, () => ["send", { kind: "echo", status: random.pick([400, 500, 503]) }]],
    [
      1,
      () => [
        random.pick<Boundary>(["connect", "send", "answer"]),
        {
          kind: "partition",
          ms,
          loses: random.pick(["requests", "answers", "both"]),
          from: random.pick(["everybody", "one"]),
        },
      ],
    ],
    [2, () => [anywhere, { kind: "pause", who: random.pick(["host", "host", "engine", "both"]), ms }]],
    [2, () => [anywhere, { kind: "kill", who: random.pick(["host", "both", "both"]) }]],
    [
      0.7,
      () => [anywhere, { kind: "clock jump", ms: random.pick([-3_600_000, -30_000, 30_000, 3_600_000]) }],
    ],
    [0.7, () => ["write", { kind: "lose checkpoint" }]],
    [0.7, () => [random.pick<Boundary>(["connect", "send"]), { kind: "expire tokens" }]],
    [0.7, () => [random.pick<Boundary>(["connect", "send", "answer"]), { kind: "down", ms }]],
    [
      0.7,
      () => [
        random.pick<Boundary>(["send", "handle", "answer"]),
        { kind: "restart", loseHistory: random.chance(0.3) },
      ],
    ],
    [4, () => [anywhere, { kind: "act", system, act, which: random.int(0, 11) }]],
  ])();
}

/** Something on the way answers. What says by its meaning that nothing was done does not land. */
function drawGateway(random: Random): Trouble {
  const page = random.chance(0.3) && { page: true };
  if (random.chance(0.35)) return { kind: "gateway", status: 404, ...page };
  const status = random.pick([405, 408, 425, 429, 500, 502, 503, 504]);
  const wait = random.weighted<{ retryAfter?: string; retryAt?: number }>([
    [7, {}],
    [2, { retryAfter: random.pick(["0", "1", "7"]) }],
    [1, { retryAt: random.pick([-60_000, 2_000, 8_000, 30_000]) }],
  ]);
  const mayLand = ![405, 425, 429].includes(status) && random.chance(0.4);
  return { kind: "gateway", status, ...page, ...wait, ...(mayLand && { lands: random.spread(1, 5_000) }) };
}
