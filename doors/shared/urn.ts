/* How Pulumi names resources: `urn:pulumi:<stack>::<project>::<types of the parents, and its own>::<name>`. */

/** Tells resources of one program apart: the URN without stack and project, whose recorded names are stale after `pulumi stack rename`. */
export function place(urn: string): string {
  return urn.split("::").slice(2).join("::");
}

/** The project and the stack, e.g. `orders/production`. */
export function programOf(urn: string): string {
  const [stack = "", project = ""] = urn.replace(/^urn:pulumi:/, "").split("::");
  return `${project}/${stack}`;
}

/** The name that the program gave: what is left of the URN after stack, project and type. */
export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** The resource's own type, after those of its parents. */
export function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}
