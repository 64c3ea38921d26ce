import leven from "leven";
import { advice } from "../data/advice.ts";
import { anyOf, nearestOf } from "../data/near.ts";
import { asObject, parsedJson } from "../data/values.ts";
import { type ConfigSource, configuredNames, connectionsKey, pathOf } from "./configured.ts";
import { misspelled } from "./environment.ts";
import { configureField } from "./exact.ts";
import type { System } from "./settings.ts";

/*
 * Why a connection is not there although somebody has configured it: each of these was a "no connection is configured".
 */

/** What is wrong where no connection of that name is found, with the command that puts it right. */
export function missing(system: System, name: string, config: ConfigSource): string {
  const mistake =
    flatKeys(name, config) ??
    otherNamespace(name, config) ??
    withoutConnections(name, config) ??
    nearKey(config) ??
    misspelled(name, process.env)[0];
  const found = mistake ?? address(name) ?? advice.configure(`${pathOf(name)}.endpoints[0]`, "https://...");
  // A token may stand before the host.
  const shown = name.includes("@") ? "of that name" : JSON.stringify(name);
  return `no connection ${shown} is configured for ${system.title}${nearest(name, config)}: ${found}`;
}

/** `host.test:9443`: it may yet be a name, so that this is said where there is none. */
function address(name: string): string | undefined {
  return /@|^([^:]+|\[.*\]):\d+(\/|$)/.test(name)
    ? `that looks like an address, and a text means the name of a connection in stack config: write { endpoint: "https://host:port" }`
    : undefined;
}

/** Keys that hold a path in their name: the CLI takes it for one only if it is told to. */
export function flatKeys(name: string, config: ConfigSource): string | undefined {
  const places = [`clusterops:connections.${name}`, `clusterops:connections[${JSON.stringify(name)}]`];
  const keys = keysOf(config).filter((key) => places.some((place) => isPlaceIn(key, place)));
  const [first, ...others] = keys;
  if (first === undefined) return undefined;
  const likewise = others.length > 0 ? `; likewise ${others.join(", ")}` : "";
  return `${first} ${advice.flat}, so that it is not a part of ${connectionsKey}: ${advice.unset(first)}, then ${setAt(asPath(first, places, name))}${likewise}`;
}

/** A key as the path that it should have been. */
function asPath(key: string, places: readonly string[], name: string): string {
  const place = places.find((each) => isPlaceIn(key, each)) ?? "";
  return `clusterops:${pathOf(name)}${key.slice(place.length) || ".endpoints[0]"}`;
}

/** Without a namespace a key is the project's own. */
function otherNamespace(name: string, config: ConfigSource): string | undefined {
  const key = keysOf(config).find((each) => {
    const [namespace, rest = ""] = split(each);
    if (namespace === "clusterops") return false;
    if (isPlaceIn(rest, `connections.${name}`)) return true;
    return rest === "connections" && name in asObject(parsedJson(config(each) ?? ""));
  });
  if (key === undefined) return undefined;
  const [namespace, rest = ""] = split(key);
  const moved = `clusterops:${rest}`;
  const where = rest === "connections" ? `${moved}.${name}.endpoints[0]` : moved;
  return `${key} is in the namespace "${namespace}", and is not read: ${advice.unset(key)}, then ${setAt(where)}`;
}

/** `clusterops:redis` in place of `clusterops:connections.redis`. */
function withoutConnections(name: string, config: ConfigSource): string | undefined {
  const key = keysOf(config).find((each) => isPlaceIn(each, `clusterops:${name}`));
  if (key === undefined) return undefined;
  const rest = key.slice(`clusterops:${name}`.length) || ".endpoints[0]";
  return `${key} is not read, connections stand under ${connectionsKey}: ${advice.unset(key)}, then ${setAt(`clusterops:connections.${name}${rest}`)}`;
}

/** `clusterop:connections`, `clusterops:conections`, `clusterops:Connections`. */
function nearKey(config: ConfigSource): string | undefined {
  const key = keysOf(config).find((each) => {
    const [whole = ""] = each.split(/[.[]/);
    return whole !== connectionsKey && leven(whole.toLowerCase(), connectionsKey) <= 2;
  });
  return key === undefined
    ? undefined
    : `${key} is not read: did you mean ${connectionsKey}? ${advice.unset(key)}, then set it under that name`;
}

/** ` (did you mean "redis-east"?)`, where there is one; of several that are equally near, all. */
function nearest(name: string, config: ConfigSource): string {
  const near = nearestOf(
    configuredNames(config),
    (other) => leven(plain(name), plain(other)),
    // Two letters that have changed places are two apart. Of short names half may be the same by chance.
    (distance) => distance <= Math.max(2, Math.floor(name.length / 3)) && distance < name.length / 2,
  );
  return near.length === 0 ? "" : ` (did you mean ${anyOf(near.map((each) => `"${each}"`))}?)`;
}

/** `tcfEast`, `tcf_east` and `TCF-East` are one mistake apart. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

function setAt(key: string): string {
  return configureField(key, /endpoints?\b/.test(key) ? "https://..." : "...");
}

/** Whether a key is a place, or begins a path that leads below it. */
function isPlaceIn(key: string, place: string): boolean {
  return key === place || key.startsWith(`${place}.`) || key.startsWith(`${place}[`);
}

function keysOf(config: ConfigSource): readonly string[] {
  return config.keys?.() ?? [];
}

function split(key: string): string[] {
  const at = key.indexOf(":");
  return [key.slice(0, at), key.slice(at + 1)];
}
