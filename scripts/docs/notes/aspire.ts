import { aspire as system } from "../../../provider/aspire/system.ts";
import type { Notes } from "./notes.ts";

export const aspire: Notes = {
  system,
  intro: `The API between the manager and worker nodes of Aspire 5, which the vendor calls internal. The connection is called \`aspire\` unless a resource says otherwise. Its
base path is \`/aspire/_api\`; with \`basePath: "/aspire_api"\` the spellings of the page's early draft are spoken too (the input \`form\`). Releasing takes the role
ADMINISTRATOR or MANAGER, everything else ADMINISTRATOR or WORKER. List every manager under \`endpoints\`: a seed is known to the manager that has it, and
the next one is asked when one answers 404.

A worker, seed or batch goes into the path of its call. An id that a path cannot carry, because servlet containers refuse it there however it is encoded (it holds
\`/\`, \`\\\`, \`;\`, \`%\` or a control character, as \`manager_192.168.0.16:40505//AAABeOQLewo=\` does), goes into the body, still one call an id, so that a 404 names it.
\`SeedThrottle\` and \`CrawlFailure\` have no such form on the page: there it is refused. On the draft page \`path\`, \`id\`, \`ids\` and \`objects\` can carry it, \`get\` cannot.

These calls leave nothing behind that could be read back: success means that the manager has accepted them, and no more is known. A request whose answer
leaves it open whether it was carried out is not sent again in the same run; the next \`up\` sends it again, since saying it twice changes nothing more. An \`error\` inside a 200, at whatever depth, is a failure.`,
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
