/**
 * Which UTF-16 the bytes of a text are: by their byte order mark, or, without one, since JSON and PEM begin with two characters of ASCII
 * (RFC 4627, 3). Undefined: neither.
 */
export function utf16Of([first, second, third, fourth]: Uint8Array): "utf-16le" | "utf-16be" | undefined {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  if (first && second === 0 && third !== 0 && !fourth) return "utf-16le";
  return first === 0 && second && !third && fourth !== 0 ? "utf-16be" : undefined;
}
