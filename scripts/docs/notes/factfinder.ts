import { factfinder as system } from "../../../provider/factfinder/system.ts";
import type { Notes } from "./notes.ts";

const resynced = "in place: nodes that are behind are synchronised";

export const factfinder: Notes = {
  system,
  intro: `The cluster API of FACT-Finder NG, REST v5. Each call goes to one node, the director or a worker, so each node has a connection of its own (a load balancer
would answer for any of them); the context path is part of the endpoint: \`https://host/fact-finder\`. The connection is called \`factfinder\` unless a resource says
otherwise. Credentials are \`username\` and \`password\`, an API key under \`headers\`, or \`oauth2\`. Everything needs the role ApiImport, \`ConfigVersionReset\` the role
ApiConfig.

Success is read from the node's database state, whatever the call answered. A field that a node leaves out is unknown, never 0: the fields that both sides report are
compared, and a warning names them. The counter reset leaves nothing to read: success means only that the node has accepted it. With \`useClusterSync\` workers poll the
director and catch up by themselves, so a state may change between two reads, and a sync may have nothing left to do. An unknown channel is answered with 400,
403 or 500, depending on the server.`,
  resources: {
    DatabasePrune: { onDelete: "forgets the run." },
    DatabaseSync: {
      onDelete: "forgets it. The nodes stay as they are.",
      onChange: {
        channel: "replaced",
        director: resynced,
        nodes: resynced,
        reload: resynced,
        verbose: resynced,
        maxParallel: resynced,
        triggers: resynced,
      },
    },
    NodeSync: { onDelete: "forgets the run." },
    ConfigVersionReset: { onDelete: "forgets the run." },
  },
  components: {
    ChannelRefresh: `Its children are \`<name>-prune\`, a \`DatabasePrune\`, and then one \`DatabaseSync\` for each batch, \`<name>-nodes-1\` or \`<name>-nodes-1-to-3\`:
a batch begins when the one before it is in sync. Deleting it forgets all of them.`,
  },
};
