import { tcf as system } from "../../../provider/tcf/system.ts";
import type { Notes } from "./notes.ts";

const asNeeded = "in place: sends something only if the clusters are not as declared";

export const tcf: Notes = {
  system,
  intro: `The HTTP API that a TCF-worker serves under \`/tcf/\`, on any instance of either cluster. The connection is called \`tcf\` unless a resource says otherwise;
\`ActiveCluster\` has one for each cluster. Since TCF 0.9.0 calls may need a Keycloak role: \`info\` to read, \`toggle\` or \`admin\` to switch.

The status of both clusters is read before each step, and after it until both report the new roles: a 200 is not success. A coordinator may switch by itself at any
time, so an interrupted failover is not resumed from state but decided again from what the clusters report.

**Names and ids.** Use names (\`cluster1\`). They are the same in every list; an id means something only in the list that it came from. The vendor's example stand configures
\`cluster_1\` as the cluster itself and \`cluster_2\` as its neighbour, on both sides, so most likely each cluster lists itself as \`cluster_1\`. Ids are accepted if both lists
agree on them, or if an earlier \`up\` recorded their names while both sides could be read; otherwise preview refuses them and says which names to use. The keys of
\`clusters\` say which endpoint belongs to which cluster; if a cluster's own list contradicts them, that is refused too.

**A failover that lasts.** A coordinator that finds the new active cluster unhealthy swaps both roles back some seconds later, while all endpoints still answer (recorded by the vendor).
So a switch counts as done only when the new roles have stood for \`stableFor\`. If they are swapped back before that, the operation fails, says what was seen and when, and records it.

The next \`up\` does not switch again by itself: \`up\` and the coordinator would undo each other for ever. It switches again in two cases:

- its preview has announced it, with the time at which the switch was taken back. With \`--skip-preview\` (which the Automation API uses too) there is no preview, and on Windows it cannot be told whether there was one: there only the second case counts
- \`active\`, \`force\` or \`stableFor\` has changed since. A refresh changes nothing in this

A federation without an active cluster is repaired in any case.

**Between demote and promote** no cluster is active. What becomes of a failover that is ended there:

| how it is ended | what it leaves |
| --- | --- |
| Ctrl-C once, dynamic provider | Pulumi waits until the failover has ended |
| Ctrl-C once, native plugin; once or twice, Terraform; \`kill -9\` of the Pulumi CLI alone (dynamic provider: not on Windows) | the new cluster is promoted all the same, or else the old one again, within 30 s |
| Ctrl-C twice in Pulumi, \`kill -9\` of all processes, a machine that is lost | **no active cluster until the next \`up\`, which promotes**: run it at once. Nothing of the killed run says so |

If an operation ends and no cluster is seen to be active, the message begins with \`NO ACTIVE CLUSTER\`.`,
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
