import type { Connection } from "../../provider/index.ts";
import type { TcfCluster, TcfOptions } from "../../simulators/index.ts";

const client = { clientId: "ops", clientSecret: "ops-secret" };

/** A federation that takes tokens of its own token endpoint only. */
export const forTokens: TcfOptions["auth"] = { oauth2: { clients: [client] } };

/** The setting of a connection that fetches them. */
export const withToken = ({ endpoints }: TcfCluster): Pick<Connection, "oauth2"> => ({
  oauth2: { tokenUrl: `${endpoints[0]}/oauth/token`, grantType: "client_credentials", ...client },
});
