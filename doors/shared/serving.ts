import { clock } from "../../provider/index.ts";
import type { UnderWay } from "./under-way.ts";

/** As much of gRPC's server as is used here: each door brings its own copy of gRPC. */
interface Server<C> {
  bindAsync(address: string, credentials: C, done: (error: Error | null, port: number) => void): void;
  tryShutdown(done: () => void): void;
}

/** How long what is under way may take to come to a safe end once the engine is gone, in milliseconds. */
const longestEnd = 40_000;

/** Listens on this machine only. @returns the port */
export function listen<C>(server: Pick<Server<C>, "bindAsync">, credentials: C): Promise<number> {
  return new Promise((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", credentials, (error, bound) => (error ? reject(error) : resolve(bound))),
  );
}

/** Ends this process once what is under way has come to a safe end, e.g. a failover to its promote: nobody is left to call. */
export function endAfter(underWay: UnderWay, server?: Pick<Server<unknown>, "tryShutdown">): void {
  void underWay.ended().then(() => (server ? server.tryShutdown(() => process.exit()) : process.exit()));
  clock.after(longestEnd, () => process.exit(1));
}
