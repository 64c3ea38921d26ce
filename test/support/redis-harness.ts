import { configurationValues, connectionsTo } from "../../simulators/configuration.ts";
import { type RedisOptions, type RedisSimulator, startRedis } from "../../simulators/index.ts";
import type { Harness } from "./flow.ts";
import { pulumiProject } from "./pulumi.ts";

/** A Redis Enterprise simulator, and a project with this program whose stack has its endpoints as connection `redis`. */
export async function redisHarness(
  program: string,
  options: RedisOptions = {},
  secrets: Record<string, string> = {},
): Promise<Harness<RedisSimulator>> {
  const system = await startRedis({ actionMs: 1_500, ...options });
  try {
    const config = configurationValues(connectionsTo({ redis: system }));
    return { system, project: await pulumiProject({ program, config, secrets }) };
  } catch (error) {
    await system.close();
    throw error;
  }
}

/** A program of these statements. */
export function redisProgram(...statements: string[]): string {
  return ['import { redis } from "pulumi-clusterops";', ...statements, ""].join("\n");
}
