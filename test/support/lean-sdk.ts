import { join } from "node:path";

const preload = JSON.stringify(join(import.meta.dirname, "lean-sdk.cjs"));

/** Environment of a CLI whose programs and hosts load Pulumi's SDK as lean-sdk.cjs says. */
export const leanSdk = { NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ""} --require ${preload}` };
