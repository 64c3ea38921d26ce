import { managerNode } from "./aspire.ts";
import { managerNodeDraft } from "./aspire-draft.ts";
import { cluster } from "./factfinder.ts";
import type { VendorPage } from "./page.ts";
import { nodeActions, nodes } from "./redis.ts";
import { tcfWorker } from "./tcf.ts";

/** Every page of the vendors, with every call that the provider has a function for. */
export const pages: readonly VendorPage[] = [
  nodeActions,
  ...nodes,
  tcfWorker,
  cluster,
  managerNode,
  managerNodeDraft,
];
