import { aspire as system } from "../../../provider/aspire/system.ts";
import type { Notes } from "./notes.ts";

export const aspire: Notes = {
  system,
  intro: `The API between the manager and worker nodes of Aspire 5, which the vendor calls internal. The connection is called \`aspire\` unless a resource says otherwise. Its
base path is \`/aspire/_api\`; \`basePath: "/aspire_api"\` selects the API of the page's early draft, with its spellings (the input \`form\`). Releasing needs the role
ADMINISTRATOR or MANAGER, everything else ADMINISTRATOR or WORKER. List every manager under \`endpoints\`: only the manager that has a seed knows it, so after a 404
the next manager is asked.

The id of a worker, seed or batch goes into the path of its call. Servlet containers refuse some ids in a path however they are encoded (those with \`/\`, \`\\\`, \`;\`,
\`%\` or a control character, such as \`manager_192.168.0.16:40505//AAABeOQLewo=\`): these go into the body, still one call per id, so that a 404 names the id.
\`SeedThrottle\` and \`CrawlFailure\` have no such form on the page and refuse these ids. In the draft, \`path\`, \`id\`, \`ids\` and \`objects\` accept them, \`get\` does not.

These calls leave nothing that could be read back: success means only that the manager has accepted them. If the answer leaves open whether a request was carried
out, it is not sent again in the same run; the next \`up\` sends it again, which is harmless twice. An \`error\` inside a 200, at any depth, is a failure.`,
  resources: {
    SeedRelease: { onDelete: "forgets the run." },
    WorkerRelease: { onDelete: "forgets the run." },
    SeedThrottle: {
      onDelete: "forgets the run. The seed stays paused: no documented call ends a pause early.",
    },
    CrawlFailure: { onDelete: "forgets the run." },
    BatchAcknowledgement: { onDelete: "forgets the run." },
  },
  components: {},
};
