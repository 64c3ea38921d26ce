import { utf16Of } from "../provider/core/data/utf16.ts";

/**
 * JSON in whichever encoding a shell has written it: PowerShell redirects into UTF-16 or UTF-8 with a byte order mark, depending on its
 * version.
 */
export function decode(bytes: Uint8Array): string {
  const utf16 = utf16Of(bytes);
  if (utf16) return new TextDecoder(utf16).decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
