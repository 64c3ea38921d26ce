import { parseDuration } from "../../../provider/core/data/duration.ts";
import type { Exchange } from "../history.ts";
import type { Played, PlayedStack } from "../play.ts";
import type { RedisTruth } from "../systems/redis.ts";
import type { TcfTruth } from "../systems/tcf.ts";
import { effectAt, isBeyond } from "./requests.ts";

type Truths = PlayedStack["truths"];
type Told = (truths: Truths, said: RegExpExecArray, played: Played) => boolean;

const isImported: Told = (_truths, _said, { history }) =>
  history.interventions.some(({ what }) => what === "an import ends");

const redisIs = ({ redis }: Truths) => redis as RedisTruth;
const tcfIs = ({ tcf }: Truths) => Object.entries((tcf ?? {}) as TcfTruth);

/** What may be left to say when all is quiet, and whether it is true. */
const refusals: [said: RegExp, isTrue: Told][] = [
  [
    /redis node (\d+) is already in maintenance/,
    (truths, [, uid]) => (redisIs(truths).depth[Number(uid)] ?? 0) > 0,
  ],
  [/node (\d+) is in maintenance/, (truths, [, uid]) => (redisIs(truths).depth[Number(uid)] ?? 0) > 0],
  // It went in half way, and may not be put in again: activations stack.
  [
    /not seen: node (\d+) in maintenance with its shards moved/,
    ({ redis }, [, uid]) => {
      const { depth, shards } = redis as RedisTruth;
      return (depth[Number(uid)] ?? 0) > 0 && (shards[Number(uid)] ?? 0) > 0;
    },
  ],
  [
    /node (\d+): enslave_node .* completed .*, and yet node \d+ is no replica/,
    ({ redis }, [, uid]) => {
      const { leader, masters } = redis as RedisTruth;
      return leader === Number(uid) || (masters[Number(uid)] ?? 0) > 0;
    },
  ],
  // Two nodes have no quorum without one of them.
  [/insufficient_resources/, ({ redis }) => (redis as RedisTruth).nodes.length <= 2],
  // The same, by a user who gives it less time than it takes to fail: the next `up` says how it ended, and tries again.
  [
    /node \d+ maintenance_on: not done within the timeout of (\w+) /,
    ({ redis }, [, timeout = ""], { story }) => {
      const options = story.systems.find(({ system }) => system === "redis")?.options as { actionMs: number };
      const isTooShort = parseDuration(timeout, "timeout") < options.actionMs;
      return isTooShort && (redis as RedisTruth).nodes.length <= 2;
    },
  ],
  // It takes longer than its user gives it.
  [/by onTimeout: cancel it has ended cancelled/, () => true],
  [
    /the server no longer knows how the action ended/,
    (_truths, _said, played) =>
      played.history.interventions.some(({ what }) => /has lost what was under way/.test(what)) ||
      // A second one that landed when nobody could expect it stands in its place.
      played.history.exchanges.some((it) => it.system === "redis" && isLate(it, played)),
  ],
  // A request to cancel what has just ended removes its record.
  [
    /the server no longer knows how the action ended .*(?:it tells of no|since it was to be cancelled)/,
    (_truths, { input }, { history }) =>
      history.exchanges.some(
        (it) => it.method === "DELETE" && effectAt(it) !== undefined && isNamedIn(input, it),
      ),
  ],
  // Of two stacks that run the same action on one node the later one's task takes the place of the other's.
  [
    /the server no longer knows how .*: it tells of (task \S+|another task) only/,
    (_truths, _said, { stacks }) => stacks.length > 1,
  ],
  // A restart has lost the removal half way: it is gone on with by whoever wants it.
  [
    /node (\d+) is being removed/,
    (truths, [, uid]) => {
      const { away, depth } = redisIs(truths);
      return away.includes(Number(uid)) && depth[Number(uid)] === undefined;
    },
  ],
  // Before 8.0.16 nothing shows it for certain.
  [/node (\d+) may be in maintenance/, (truths, [, uid]) => redisIs(truths).nodes.includes(Number(uid))],
  [/the cluster has no node (\d+)/, (truths, [, uid]) => !redisIs(truths).nodes.includes(Number(uid))],
  [
    /the list cannot tell which of .* more than one is (\w+)/,
    (truths, [, word]) => tcfIs(truths).every(([, status]) => status === word),
  ],
  [
    /(cluster\d) is active, and two active clusters would take writes that conflict/,
    (truths, [, name]) => tcfIs(truths).some(([cluster, status]) => cluster === name && status === "active"),
  ],
  [/seed (\S+): .*not found/, ({ aspire }, [, id = ""]) => !(id in (aspire as Record<string, string>))],
  [/both clusters are active/, (truths) => tcfIs(truths).every(([, status]) => status === "active")],
  [/whether it was pruned cannot be told.*an import ended meanwhile/, isImported],
  // A network that fails just then keeps the counts from being told.
  [
    /whether it was pruned cannot be told.*is not told/,
    (_truths, _said, { nemesis }) => nemesis.struck.size > 0,
  ],
];

/** Whether the error is about the node and the action of the request. */
function isNamedIn(error: string, { system, target }: Exchange): boolean {
  const [, uid, action] = /\/nodes\/(\d+)\/actions\/(\w+)$/.exec(target) ?? [];
  return (
    system === "redis" && error.includes(`redis node ${uid}:`) && error.includes(`${action} is not sent`)
  );
}

function isLate(exchange: Exchange, { story }: Played): boolean {
  const { requestTimeout = 0 } = story.systems.find(({ system }) => system === exchange.system) ?? {};
  return isBeyond(exchange, requestTimeout);
}

/** Whether an error is a refusal that is true: there is nothing that an `up` could do. */
export function isTrueRefusal(error: string, { truths }: PlayedStack, played: Played): boolean {
  return refusals.some(([said, isTrue]) => {
    const match = said.exec(error);
    return match !== null && isTrue(truths, match, played);
  });
}
