import { tcf as system } from "../../../provider/tcf/system.ts";
import type { Notes } from "./notes.ts";

const asNeeded = "in place: sends something only if the clusters are not as they should be";

export const tcf: Notes = {
  system,
  intro: `The HTTP API that a TCF-worker serves under \`/tcf/\`, on any instance of either cluster. The connection is called \`tcf\` unless a resource says otherwise;
\`ActiveCluster\` has one for each cluster. Since TCF 0.9.0 calls may need a Keycloak role: \`info\` to read, \`toggle\` or \`admin\` to switch.

Before each step both clusters are asked what they are, and after it until both say so: a 200 is not success. A coordinator may switch by itself at any time, so an
interrupted failover is not continued from memory but decided anew.

**Names and ids.** Write names (\`cluster1\`). They are the same in every list; an id means something only inside the list that it came from. The vendor's example stand configures
\`cluster_1\` as the cluster itself and \`cluster_2\` as its neighbour, on both sides, so that most likely each cluster lists itself as \`cluster_1\`. Ids are taken where both lists
agree on them, or where an earlier \`up\` recorded their names while both sides could be read; else they are refused at preview, with the names to write. Which endpoint is whose, the keys of
\`clusters\` say; where a cluster's own word contradicts them, that is refused, too.

**A failover that stands.** A switch counts as done once it has stood for \`stableFor\`: a coordinator that finds the new active cluster unhealthy swaps both roles back some seconds later, while all
endpoints still answer (recorded by the vendor). Such a take-back is an error that says what was seen and when. It is recorded, and the next \`up\` switches again only where its preview
announces that with the time, or where \`active\`, \`force\` or \`stableFor\` has changed since; a refresh in between changes nothing in that. Two that undo what the other does would go on for ever. A federation
without an active cluster is healed in any case. Whether an \`up\` has shown its preview is read off the command line of the CLI: with \`--skip-preview\`, which the Automation API uses as well, and on Windows, where it cannot be read, it takes a changed input.

**Between demote and promote.** Pulumi's host for dynamic providers is told of no cancel: the first Ctrl-C waits until the failover has come to its end, the second kills it. A kill between the two calls leaves no active cluster until the
next \`up\`, which promotes. A door that can cancel only shortens the way: the new cluster is promoted all the same, or else the old one again, within 30 s. Where an operation ends and no cluster is seen to be active, the
message begins with \`NO ACTIVE CLUSTER\`.`,
  resources: {
    ActiveCluster: {
      onDelete: "forgets it. No role is changed.",
      onChange: {
        active: "fails over, in place",
        clusters: asNeeded,
        strategy: asNeeded,
        force: asNeeded,
        resolveBothActive: asNeeded,
        stableFor: "recorded; after a switch that was taken back, it allows another one",
        connection: "recorded",
      },
    },
    ClusterRole: {
      onDelete: "forgets it. No role is changed.",
      onChange: {
        role: "switches the cluster, in place",
        cluster: asNeeded,
        force: asNeeded,
        stableFor: "recorded; after a switch that was taken back, it allows another one",
      },
    },
  },
  components: {},
};
