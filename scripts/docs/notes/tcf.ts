import { tcf as system } from "../../../provider/tcf/system.ts";
import type { Notes } from "./notes.ts";

const asNeeded = "in place: sends something only if the clusters are not as they should be";

export const tcf: Notes = {
  system,
  intro: `The HTTP API that a TCF-worker serves under \`/tcf/\`, on any instance of either cluster. The connection is called \`tcf\` unless a resource says otherwise;
\`ActiveCluster\` has one for each cluster. Since TCF 0.9.0 calls may need a Keycloak role: \`info\` to read, \`toggle\` or \`admin\` to switch.

Before each step both clusters are asked what they are, and after it until both say so: a 200 is not success. A coordinator may switch by itself at any time, so an
interrupted failover is not continued from memory but decided anew.`,
  resources: {
    ActiveCluster: {
      onDelete: "forgets it. No role is changed.",
      onChange: {
        active: "fails over, in place",
        clusters: asNeeded,
        strategy: asNeeded,
        force: asNeeded,
        resolveBothActive: asNeeded,
        connection: "recorded",
      },
    },
    ClusterRole: {
      onDelete: "forgets it. No role is changed.",
      onChange: { role: "switches the cluster, in place", cluster: asNeeded, force: asNeeded },
    },
  },
  components: {},
};
