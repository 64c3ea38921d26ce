import type { Call } from "./call.ts";
import { queryString } from "./path.ts";

/** So many are remembered: the latest. */
const most = 50;

/**
 * What redirects have put into URLs beside the path, such as `?ticket=...`, `;jsessionid=...` or `#access_token=...`: it may let in whoever
 * has it, and no setting tells it. It is sent, and not shown.
 */
export class ForeignWords {
  #all: readonly string[] = [];

  /** Remembers what of a redirect's URL is not the call's own. */
  learn({ search, hash, pathname }: URL, { query }: Pick<Call, "query">): void {
    const found = [
      ...(search === queryString(query) ? [] : [search]),
      hash,
      // An id has its semicolons encoded.
      ...(pathname.match(/;[^/;]+/g) ?? []),
    ].filter((word) => word.length > 1 && !this.#all.includes(word));
    if (found.length > 0) this.#all = [...this.#all, ...found].slice(-most);
  }

  /** Blanks these out of a text, the longest first: one may be part of another. */
  blank(text: string): string {
    return this.#all
      .toSorted((one, other) => other.length - one.length)
      .reduce((sum, word) => sum.replaceAll(word, `${word[0]}[redacted]`), text);
  }
}
