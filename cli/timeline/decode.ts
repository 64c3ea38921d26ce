/**
 * Text in whichever encoding a shell has written it: PowerShell redirects into UTF-16 or UTF-8 with a byte order mark, depending on its
 * version. What is read begins with an ASCII character, as JSON does, so that two-byte encodings can be told without a mark.
 */
export function decode(bytes: Uint8Array): string {
  const [first = 0, second = 0] = bytes;
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return as("utf-16le", bytes);
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0)) return as("utf-16be", bytes);
  try {
    return as("utf-8", bytes, { fatal: true });
  } catch {
    return as("windows-1252", bytes);
  }
}

function as(encoding: string, bytes: Uint8Array, options?: { fatal: boolean }): string {
  return new TextDecoder(encoding, options).decode(bytes);
}
