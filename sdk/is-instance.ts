/**
 * The `isInstance` of a class: whether it is a resource with one of its type tokens. Not `instanceof`, as in Pulumi's own SDKs: a program and its
 * libraries may each have their copy of this package, and so of its classes.
 *
 * @param isOurs tells the class from those that a program has made of it: of them only their own resources count
 */
export function isInstanceOf<T>(
  tokens: readonly unknown[],
  isOurs: (asked: object) => boolean,
): (this: unknown, obj: unknown) => obj is T {
  return function (obj): obj is T {
    const isOfType =
      typeof obj === "object" && obj !== null && "__pulumiType" in obj && tokens.includes(obj.__pulumiType);
    // As a bare function it is asked of no class.
    const isSubclass = typeof this === "function" && !isOurs(this);
    return isOfType && (!isSubclass || obj instanceof (this as new () => unknown));
  };
}
