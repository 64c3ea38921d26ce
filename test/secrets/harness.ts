import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { PulumiProject } from "../../scripts/pulumi-project.ts";
import { type RedisSimulator, startRedis } from "../../simulators/index.ts";
import { pulumiProject } from "../support/pulumi.ts";
import { canaries, echo, leaksIn, username } from "./canaries.ts";

/** The installations of the audit: a good one, some that fail, and a foreign host. */
export interface Harness extends AsyncDisposable {
  project: PulumiProject;
  good: RedisSimulator;
  foreign: RedisSimulator;
  env: NodeJS.ProcessEnv;
}

/** Every way to give a credential, and every way for it to go wrong: by the name of the resource that has it. */
const resources = {
  configured: `{ nodeUid: 2 }`,
  inline: `{ nodeUid: 3, connection: { endpoint: env.GOOD, username: "${username}", password: env.INLINE } }`,
  unknown: `{ nodeUid: 3, connection: { endpoint: env.GOOD, token: env.TOKEN } }`,
  forbidden: `{ nodeUid: 3, connection: "forbidden", timeout: "1s" }`,
  environment: `{ nodeUid: 3, connection: "environment", timeout: "1s" }`,
  rightEnvironment: `{ nodeUid: 3, connection: "environment" }`,
  echoing: `{ nodeUid: 3, connection: "echoing", timeout: "1s" }`,
  redirected: `{ nodeUid: 3, connection: "redirected", timeout: "1s" }`,
  unreachable: `{ nodeUid: 3, connection: { endpoint: env.NOWHERE, username: "${username}", password: env.INLINE }, timeout: "1s" }`,
  clientGrant: `{ nodeUid: 3, connection: "clientGrant", timeout: "1s" }`,
  passwordGrant: `{ nodeUid: 3, connection: { endpoint: env.GOOD, oauth2: { tokenUrl: env.GOOD + "/oauth/token", grantType: "password", username: "${username}", password: env.GRANT } }, timeout: "1s" }`,
  badKey: `{ nodeUid: 3, connection: { endpoint: env.GOOD.replace("http:", "https:"), clientCert: "-----BEGIN CERTIFICATE-----", clientKey: "-----BEGIN PRIVATE KEY-----\\n" + env.KEY }, timeout: "1s" }`,
  proxied: `{ nodeUid: 3, connection: { endpoint: env.GOOD, proxy: "http://ci:" + env.PROXY + "@" + env.NOWHERE.slice(7) }, timeout: "1s" }`,
  inUrl: `{ nodeUid: 3, connection: { endpoint: "http://ops:" + env.URL_PASSWORD + "@127.0.0.1:1" } }`,
  wrongType: `{ nodeUid: 3, connection: { endpoint: env.GOOD, username: "${username}", password: [env.TYPE] as any, token: { a: env.TYPE } as any } }`,
};
export type ResourceName = keyof typeof resources;

/** A program that declares those resources of the audit that ONLY names. */
const program = `
import { redis } from "pulumi-clusterops";

const env: any = process.env;
const all: Record<string, () => any> = {
${Object.entries(resources)
  .map(([name, inputs]) => `  ${name}: () => (${inputs}),`)
  .join("\n")}
};
for (const name of env.ONLY.split(",")) new redis.ReplicaNode(name, all[name]!());
`;

export async function openHarness(): Promise<Harness> {
  await using opened = new AsyncDisposableStack();
  const start = async (...options: Parameters<typeof startRedis>) => opened.use(await startRedis(...options));
  const users = [canaries.configPassword, canaries.inlinePassword, canaries.rotated].map((password) => ({
    username,
    password,
  }));
  const viewer = { username: "viewer", password: canaries.configPassword, roles: ["none"] };
  // By their roles alone nodes 2 and 3 are replicas already: nothing is sent for them.
  const auth = { users: [...users, viewer], oauth2: {} };
  const good = await start({ auth, actionMs: 100, statusShards: "none" });
  const [echoing, redirected, foreign, closed] = [await start(), await start(), await start(), await start()];
  echoing.fault({
    kind: "status",
    status: 500,
    body: echo,
    contentType: "application/json",
    times: Infinity,
  });
  const [away = ""] = foreign.endpoints;
  redirected.fault({
    kind: "redirect",
    location: (path) => away.replace("127.0.0.1", "localhost") + path,
    times: Infinity,
  });
  const [nowhere] = closed.endpoints;
  await closed.close();
  const connection = (name: string, simulator: RedisSimulator) => ({
    [`clusterops:connections.${name}.endpoints[0]`]: simulator.endpoints[0] as string,
  });
  const credentials = (name: string, user = username) => ({
    [`clusterops:connections.${name}.username`]: user,
    [`clusterops:connections.${name}.password`]: canaries.configPassword,
    [`clusterops:connections.${name}.headers.X-Extra`]: canaries.configHeader,
  });
  const project = await pulumiProject({
    program,
    config: {
      ...connection("redis", good),
      ...connection("forbidden", good),
      ...connection("environment", good),
      ...connection("echoing", echoing),
      ...connection("redirected", redirected),
      ...connection("clientGrant", good),
      "clusterops:connections.environment.username": username,
      "clusterops:connections.clientGrant.oauth2.tokenUrl": `${good.endpoints[0]}/oauth/token`,
      "clusterops:connections.clientGrant.oauth2.clientId": "a-client",
    },
    secrets: {
      ...credentials("redis"),
      ...credentials("forbidden", "viewer"),
      ...credentials("echoing"),
      ...credentials("redirected"),
      "clusterops:connections.clientGrant.oauth2.clientSecret": canaries.clientSecret,
    },
  });
  opened.use(project);
  const env = {
    GOOD: good.endpoints[0],
    NOWHERE: nowhere,
    INLINE: canaries.inlinePassword,
    TOKEN: canaries.inlineToken,
    GRANT: canaries.grantPassword,
    KEY: canaries.clientKey,
    PROXY: canaries.proxyPassword,
    URL_PASSWORD: canaries.urlPassword,
    TYPE: canaries.wrongType,
    CLUSTEROPS_ENVIRONMENT_PASSWORD: canaries.environmentPassword,
  };
  const kept = opened.move();
  return { project, good, foreign, env, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

/** All files of the project, its backend (state, history, backups) and the CLI's home (logs) that hold a credential in clear. */
export async function leaksInFiles(folder: string): Promise<{ leaks: string[]; files: string[] }> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const found = await Promise.all(
    files.map(async (file) => leaksIn(relative(folder, file), await readFile(file, "latin1"))),
  );
  return { leaks: found.flat(), files: files.map((file) => relative(folder, file)) };
}
