/** An error whose message says all: Pulumi shows nothing but that, and no stack trace is printed. */
export function brief(message: string): Error {
  const error = new Error(message);
  error.stack = `Error: ${message}`;
  // As pulumi.RunError has it, which is not to be had before Pulumi is (sdk/nodejs/errors.ts).
  return Object.defineProperty(error, "__pulumiRunError", { value: true });
}
