/**
 * The `isInstance` of a class: whether it is a resource with its type token. Not `instanceof`, as in Pulumi's own SDKs: a program and its
 * libraries may each have their copy of this package, and so of its classes.
 *
 * @param isOurs tells the class from those that a program has made of it: of them only their own resources count
 */
export function isInstanceOf<T>(
  token: string,
  isOurs: (asked: object) => boolean,
): (this: unknown, obj: unknown) => obj is T {
  return function (obj): obj is T {
    const isOfType =
      typeof obj === "object" && obj !== null && "__pulumiType" in obj && obj.__pulumiType === token;
    // As a bare function it is asked of no class.
    const isSubclass = typeof this === "function" && !isOurs(this);
    return isOfType && (!isSubclass || obj instanceof (this as new () => unknown));
  };
}
