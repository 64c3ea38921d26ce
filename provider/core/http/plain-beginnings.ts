import { encodedForms, formsOfBytes, shortestBeginning, shortestEncoded } from "./spellings.ts";

/*
 * Patterns for all spellings of a secret take long to make, and each token that is fetched has its own. Nearly every text can be told to
 * hold none without them.
 */

/** Whatever is escaped is so by one of these: in JSON or C, in a URL or a form, in HTML. */
const signs = /\\|%[0-9a-fA-Fu]|&/;

/**
 * Whether a text may hold what one of the patterns of `beginningOf` and `encodedBeginningsOf` matches (spellings.ts). It may be wrong
 * about a text that holds nothing, never about one that does.
 *
 * @param spelled secrets that may be spelled in any way
 * @param encoded what is to be found in base64 or as hexadecimal digits
 * @param lines in base64 as they are
 */
export function mayHold(
  spelled: readonly string[],
  encoded: readonly string[],
  lines: readonly string[],
): (text: string) => boolean {
  let plain: Plain | undefined;
  return (text) => {
    plain ??= plainOf(spelled, encoded, lines);
    if (!plain.isAll || signs.test(text)) return true;
    if (plain.asTheyAre.some((beginning) => text.includes(beginning))) return true;
    if (plain.digits.length === 0) return false;
    const small = text.toLowerCase();
    return plain.digits.some((beginning) => small.includes(beginning));
  };
}

interface Plain {
  /** Whether a text without signs holds a secret only where it holds one of these. */
  isAll: boolean;
  asTheyAre: readonly string[];
  /** Hexadecimal digits, in small letters. */
  digits: readonly string[];
}

function plainOf(spelled: readonly string[], encoded: readonly string[], lines: readonly string[]): Plain {
  const beginnings = spelled.map((text) => Array.from(text.trim()).slice(0, shortestBeginning).join(""));
  const forms = encoded.flatMap((text) => encodedForms(text).map(formsOfBytes));
  const inBase64 = [...forms.flatMap(({ whole, found }) => [whole, ...found]), ...lines].map((text) =>
    text.slice(0, shortestEncoded),
  );
  return {
    // What is no ASCII may have been read in another encoding, blanks run together, and base64url has other signs.
    isAll: beginnings.every((text) => /^[!-~]+$/.test(text)) && !inBase64.some((text) => /[+/]/.test(text)),
    asTheyAre: [...new Set([...beginnings, ...inBase64])],
    digits: forms.flatMap(({ bytes, digits }) =>
      digits.length > 0 ? [bytes.subarray(0, shortestBeginning).toString("hex")] : [],
    ),
  };
}
