import { type ConfigSource, type Context, connectionsKey } from "../../provider/index.ts";

const usesLatest =
  "the credentials that Pulumi has handed over, those of the last pulumi up, were refused: what the stack's configuration says now is used in their place";

/** What a refresh or a delete goes by. */
export type RecordedConfig = Pick<Context, "config" | "latestConfig">;

/**
 * For one host: configuration as it is now, asked for once, and from then on in place of what the engine hands over of the last update.
 *
 * @param ask where it is had from; undefined: it cannot be had
 * @param inform is told that it is used, once
 */
export function latestConfigs(
  ask: () => Promise<ConfigSource | undefined>,
  inform: (message: string) => void,
): (handedOver: ConfigSource) => RecordedConfig {
  let asked: Promise<ConfigSource | undefined> | undefined;
  let latest: ConfigSource | undefined;
  return (handedOver) => ({
    config: latest ?? handedOver,
    async latestConfig() {
      asked ??= ask();
      const found = await asked;
      const isNew = found !== undefined && latest === undefined;
      latest = found;
      if (isNew && found(connectionsKey) !== handedOver(connectionsKey)) inform(usesLatest);
      return found;
    },
  });
}
