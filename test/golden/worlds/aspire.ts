import { type AspireOptions, type AspireSimulator, startAspire } from "../../../simulators/index.ts";
import type { Installation } from "./installation.ts";

/** What the managers know. Nothing of what was asked of them can be read back. */
export interface AspireWorld {
  system: "aspire";
  seeds: string[];
  workers: string[];
  scanBatches: string[];
  /** Ids that no manager knows yet: 404. */
  missing?: string[];
}

export type AspireInstallation = Installation<AspireWorld, AspireSimulator, AspireOptions>;

export const managers: AspireWorld = {
  system: "aspire",
  seeds: ["AAABcID5GBc=", "AAABcIueWUc=", "AAAB/+7eWUc="],
  workers: ["AAABcQk+W/c=", "AAABcQk+W/g="],
  scanBatches: ["AAABcS0aBB0=", "AAABcS0aBB4="],
};

export async function openAspire(world: AspireWorld, more: AspireOptions = {}): Promise<AspireInstallation> {
  const known = (ids: string[]) => ids.filter((id) => !world.missing?.includes(id));
  const options: AspireOptions = {
    seeds: known(world.seeds),
    workers: known(world.workers),
    batches: known(world.scanBatches).map((id) => ({ id, type: "scan" as const })),
    ...more,
  };
  const simulator = await startAspire(options);
  return {
    simulator,
    options,
    connections: { aspire: { endpoints: simulator.endpoints } },
    addresses: [["http://aspire.example:50505", simulator.endpoints[0] as string]],
    shows: /^$/,
    look: () => world,
    finish() {},
    [Symbol.asyncDispose]: () => simulator.close(),
  };
}

/** The same a little later: what was missing is there. */
export function aspireLater({ missing: _, ...world }: AspireWorld): AspireWorld {
  return world;
}
