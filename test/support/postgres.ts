import { existsSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

/** A PostgreSQL server of its own, on 127.0.0.1, gone with all its data at the end. */
export interface Postgres extends AsyncDisposable {
  /** For PULUMI_BACKEND_URL. */
  url: string;
}

/** Where packages put the server's programs, beside PATH. */
const folders = [
  ...(process.env.PATH ?? "").split(":"),
  "/usr/lib/postgresql/15/bin",
  "/usr/lib/postgresql/16/bin",
];

/** @returns undefined where this machine has no PostgreSQL, or nobody whom it would run as (it refuses root) */
export async function startPostgres(): Promise<Postgres | undefined> {
  const bin = folders.find((folder) => ["initdb", "pg_ctl"].every((name) => existsSync(join(folder, name))));
  const user = await userFor();
  if (bin === undefined || user === undefined) return undefined;
  const folder = await mkdtemp(join(tmpdir(), "clusterops-postgres-"));
  await chmod(folder, 0o777);
  const data = join(folder, "data");
  const asUser = (name: string, args: string[]) =>
    execa(join(bin, name), args, { cwd: folder, ...user, stdin: "ignore", stdout: "ignore", stderr: "pipe" });
  await asUser("initdb", ["-D", data, "-U", "pulumi", "-A", "trust", "--no-sync"]);
  const port = await freePort();
  // No socket in a folder that belongs to somebody else.
  const options = `-c listen_addresses=127.0.0.1 -p ${port} -k ${folder} -c fsync=off`;
  await asUser("pg_ctl", ["-D", data, "-w", "-l", join(folder, "log"), "-o", options, "start"]);
  return {
    url: `postgres://pulumi@127.0.0.1:${port}/postgres?sslmode=disable`,
    async [Symbol.asyncDispose]() {
      await asUser("pg_ctl", ["-D", data, "-w", "-m", "immediate", "stop"]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Whom the server runs as: whoever runs the tests, or `postgres` where that is root. */
async function userFor(): Promise<{ uid?: number; gid?: number } | undefined> {
  if (process.getuid?.() !== 0) return {};
  const [uid, gid] = await Promise.all(
    ["-u", "-g"].map(async (flag) => (await execa("id", [flag, "postgres"], { reject: false })).stdout),
  );
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : undefined;
}

async function freePort(): Promise<number> {
  await using server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as { port: number }).port;
}
