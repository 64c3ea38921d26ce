/*
 * What users do next, as data: a message says `${advice.up}`, and the door words it ("pulumi up", "terraform apply"). It stands in the text
 * as a mark that no server's words contain, so that it comes through whatever is put around it.
 */

/** How a door says what its users do. */
export interface Words {
  /** Brings the system to what is declared. */
  up: string;
  /** Deletes what is declared. */
  destroy: string;
  /** Does it once more although nothing has changed, e.g. `pulumi up --replace <urn>`. */
  replace: string;
  /** Gives up what is recorded, and leaves the system as it is. */
  forget: string;
  /** What to do where a deletion has sent something and did not see its end: the record is as it was before. */
  lookAgain: string;
  /** Sets a connection's field in configuration. */
  configure(path: string, value: string): string;
  /** The same, and it stays a text, whatever it looks like. */
  configureText(path: string, value: string): string;
  /** The same, and it is kept secret: without its value, which would stay in the shell's history. */
  configureSecret(path: string): string;
  /** Takes a key out of configuration, whatever is in its name, e.g. `clusterops:connections`. */
  unset(key: string): string;
  /** Takes a place inside a key out of it, e.g. `connections.redis`. */
  unsetPath(path: string): string;
  /** How a path came to be a key of its own instead of a place inside one. */
  flat: string;
  /**
   * What to do after a rotation, where an operation has to go by the credentials that an earlier one recorded.
   *
   * @param variables of the environment that set them for this one, e.g. `CLUSTEROPS_REDIS_*`
   */
  rotated(variables: string): string;
  /** The same for credentials that are inputs: they are recorded, too. */
  rotatedInline: string;
}

/** For whoever calls the lifecycle without a door. */
const neutral: Words = {
  up: "run",
  destroy: "deletion",
  replace: "force its replacement",
  forget: "drop it from the state",
  lookAgain: "look at it before the next run, or delete it again",
  configure: (path, value) => `set clusterops:${path} to ${value}`,
  configureText: (path, value) => `set clusterops:${path} to the text "${value}"`,
  configureSecret: (path) => `set clusterops:${path} as a secret`,
  unset: (key) => `remove ${key}`,
  unsetPath: (path) => `remove clusterops:${path}`,
  flat: "is a key of its own",
  rotated: (variables) =>
    `after a rotation, run with what is declared first, or give the new credentials in ${variables}`,
  rotatedInline: "after a rotation, run with what is declared first: this used the recorded credentials",
};

const [begin, end] = ["\u{E000}", "\u{E001}"];
const marked = /\u{E000}([^\u{E000}\u{E001}]*)\u{E001}/gu;
const brackets = /[\u{E000}\u{E001}]/gu;

function mark(...parts: string[]): string {
  return begin + JSON.stringify(parts) + end;
}

export const advice = {
  up: mark("up"),
  destroy: mark("destroy"),
  replace: mark("replace"),
  forget: mark("forget"),
  lookAgain: mark("lookAgain"),
  /** @param path below `clusterops:`, e.g. `connections.redis.endpoints[0]` */
  configure: (path: string, value: string): string => mark("configure", path, value),
  /** @param path as with `configure` */
  configureText: (path: string, value: string): string => mark("configureText", path, value),
  /** @param path as with `configure` */
  configureSecret: (path: string): string => mark("configureSecret", path),
  /** @param key with its namespace */
  unset: (key: string): string => mark("unset", key),
  /** @param path as with `configure` */
  unsetPath: (path: string): string => mark("unsetPath", path),
  flat: mark("flat"),
  rotated: (variables: string): string => mark("rotated", variables),
  rotatedInline: mark("rotatedInline"),
};

/**
 * The text with its marks in a door's words. What only looks like a mark is a server's, or one in which a credential was blanked: it
 * loses its brackets, and never the message, of which a record may depend.
 */
export function worded(text: string, words: Words = neutral): string {
  const said = text.replace(marked, (_, json: string) => {
    const [kind, ...rest] = partsOf(json);
    // A door of an earlier version does not know every word.
    const known = [words, neutral].find((some) => Object.hasOwn(some, kind ?? ""));
    const word = known ? known[kind as keyof Words] : json;
    return typeof word === "function" ? word(rest[0] ?? "", rest[1] ?? "") : word;
  });
  return said.replace(brackets, "");
}

function partsOf(json: string): string[] {
  try {
    const parts: unknown = JSON.parse(json);
    return Array.isArray(parts) ? parts.map(String) : [];
  } catch {
    return [];
  }
}
