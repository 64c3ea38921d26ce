import { aspire as system } from "../../../provider/aspire/system.ts";
import type { Notes } from "./notes.ts";

export const aspire: Notes = {
  system,
  intro: `The API between the manager and worker nodes of Aspire 5, which the vendor calls internal. The connection is called \`aspire\` unless a resource says otherwise. Its
base path is \`/aspire/_api\`; with \`basePath: "/aspire_api"\` the spellings of the page's early draft are spoken too (the input \`form\`). Releasing takes the role
ADMINISTRATOR or MANAGER, everything else ADMINISTRATOR or WORKER. List every manager under \`endpoints\`: a seed is known to the manager that has it, and
the next one is asked when one answers 404.

These calls leave nothing behind that could be read back. A request whose answer leaves it open whether it was carried out is not sent again in the same run; the next
\`up\` sends it again, since saying it twice changes nothing more. An \`error\` inside a 200 is a failure.`,
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
