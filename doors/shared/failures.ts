type Properties = Record<string, unknown>;

/**
 * The engine prints the value of the property that a failure names, secret or not: an inline connection with its password, a URL with one
 * in place of a connection's name. With no property it prints none.
 */
export function withoutValue(failure: { property: string; reason: string }, news: Properties) {
  const { property, reason } = failure;
  const value = news[property];
  const mayTell =
    (typeof value === "object" && value !== null) || (typeof value === "string" && /[:@]/.test(value));
  return mayTell ? { property: "", reason: `${property}: ${reason}` } : failure;
}
