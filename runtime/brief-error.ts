/** An error whose message says all: Pulumi shows nothing but that, and no stack trace is printed. */
export function brief(message: string): Error {
  const error = new Error(message);
  error.stack = `Error: ${message}`;
  return shownBriefly(error);
}

/** Of this error Pulumi shows nothing but the message, where a program ends with it. */
export function shownBriefly<E extends Error>(error: E): E {
  // As pulumi.RunError has it, which is not to be had before Pulumi is (sdk/nodejs/errors.ts).
  return Object.defineProperty(error, "__pulumiRunError", { value: true });
}
