import { advice } from "../data/advice.ts";
import { InputError } from "../data/errors.ts";
import { asObject, isObject } from "../data/values.ts";
import { pathOf } from "./configured.ts";
import type { ResolvedConnection } from "./settings.ts";

/** One way to say who asks: the fields that make it up. A client certificate says it, too, but of the transport: it goes with each of them. */
const kinds: Record<string, readonly string[]> = {
  basic: ["username", "password"],
  token: ["token"],
  oauth2: ["oauth2"],
  /** `headers.Authorization`, in whatever case. */
  header: [],
};

type Settings = Record<string, unknown>;

/** Which source says something: for messages. */
export interface Source {
  settings: Settings;
  /** How a field is written there, e.g. `clusterops:connections.redis.password`, `CLUSTEROPS_REDIS_PASSWORD`. */
  pathOf(field: string): string;
}

/**
 * Stack configuration, completed by the environment, which wins field by field, and of credentials as a whole kind: a token in the
 * environment must not be passed over for an `oauth2` that somebody has configured. Half a kind completes the other half.
 *
 * @throws InputError where one source gives two kinds of credentials
 */
export function combined(configured: Source, environment: Source): Settings {
  refuseSeveralKinds(configured);
  refuseSeveralKinds(environment);
  const given = environment.settings;
  const [kind] = kindsIn(given);
  const kept = kind === undefined ? configured.settings : withOnly(kind, configured.settings);
  const { endpoint, ...others } = kept;
  const isElsewhere = endpoint === undefined || given.endpoints !== undefined;
  return { ...(isElsewhere ? others : kept), ...given, ...oauth2Of(kept.oauth2, given.oauth2) };
}

/** @throws InputError naming the second one: which of two is meant, nobody can tell */
export function refuseSeveralKinds({ settings, pathOf }: Source): void {
  // A header may stand beside the others: it is sent in their place.
  const [first, second] = kindsIn(settings).filter((kind) => kind !== "header");
  if (first === undefined || second === undefined) return;
  const given = (kind: string) => fieldsIn(settings, kind).map(pathOf).join(" and ");
  const hint = second === "oauth2" && first === "basic" ? " (whoever logs in there is oauth2.username)" : "";
  throw new InputError(
    fieldsIn(settings, second).map(pathOf)[0] as string,
    `is another kind of credentials than ${given(first)}: give one of them${hint}`,
  );
}

/** Headers whose `authorization` is written that way: with another one beside it, both would be sent. */
export function plainlyNamed(headers: Record<string, string>): Record<string, string> {
  const named = Object.entries(headers).map(([name, value]) => [
    name.toLowerCase() === "authorization" ? "authorization" : name,
    value,
  ]);
  return Object.fromEntries(named);
}

function kindsIn(settings: Settings): string[] {
  return Object.keys(kinds).filter((kind) => fieldsIn(settings, kind).length > 0);
}

function fieldsIn(settings: Settings, kind: string): string[] {
  if (kind !== "header") return (kinds[kind] ?? []).filter((field) => settings[field] !== undefined);
  const names = Object.keys(asObject(settings.headers));
  return names.filter((name) => name.toLowerCase() === "authorization").map((name) => `headers.${name}`);
}

/** Without the credentials of every other kind. */
function withOnly(kind: string, settings: Settings): Settings {
  const others = Object.keys(kinds).filter((other) => other !== kind);
  const dropped = new Set(others.flatMap((other) => fieldsIn(settings, other)));
  const kept = Object.entries(settings).filter(([field]) => !dropped.has(field));
  if (kind === "header" || !isObject(settings.headers)) return Object.fromEntries(kept);
  const headers = Object.entries(settings.headers).filter(([name]) => !dropped.has(`headers.${name}`));
  return { ...Object.fromEntries(kept), headers: Object.fromEntries(headers) };
}

/** What names no other server completes the configured one. What does gets nothing of it: its secret would go to another server. */
function oauth2Of(configured: unknown, given: unknown): { oauth2?: unknown } {
  if (!isObject(configured) || !isObject(given)) return {};
  if (given.tokenUrl !== undefined && given.tokenUrl !== configured.tokenUrl) return {};
  return { oauth2: { ...configured, ...given } };
}

/**
 * How a connection gets credentials that has none of any kind. Undefined: it has some. Any header may be one (`X-FF-API-Key`), and so may a
 * client certificate.
 */
export function withoutCredentials(connection: ResolvedConnection): string | undefined {
  const { name, username, token, oauth2, headers, tls } = connection;
  if ([username, token, oauth2, tls.cert].some((given) => given !== undefined)) return undefined;
  if (Object.keys(headers).length > 0) return undefined;
  if (name === "inline") return "give the connection username and password, or another kind of credentials";
  const path = pathOf(name);
  return `${advice.configureText(`${path}.username`, "...")}, then ${advice.configureSecret(`${path}.password`)}, or another kind of credentials`;
}
