import { redis as system } from "../../../provider/redis/system.ts";
import type { Notes } from "./notes.ts";

const nextEntering = "recorded; takes effect the next time the node enters";
const onLeaving = "recorded; used on leaving";

export const redis: Notes = {
  system,
  intro: `The REST API of Redis Enterprise Software, on port 9443. The connection is called \`redis\` unless a resource says otherwise. Credentials
are \`username\` and \`password\`, or a \`token\`, which is sent as \`Authorization: JWT\`. Reading needs any built-in role; starting and cancelling an action needs
the role admin.

List several nodes under \`endpoints\`: they are tried in turn. A node that is not the leader redirects (307) to the leader's internal address; the redirect is
followed because the cluster itself lists that address.

An action that is already running is joined, whoever started it. A failed one is recorded with the cluster's reason, and the next \`up\` runs it again.

Only one node at a time: nothing takes a node away, fails shards over or hands the leadership over while another node is in maintenance (or may be), being
removed, handing its shards over, or down, unless \`allowOtherNodesUnavailable\` says so. Resources of one program take turns, outside of their \`timeout\`. Two
programs that decide at the same moment look once more after their request: the later one takes its node out again, and fails.`,
  resources: {
    NodeMaintenance: {
      onDelete: `takes the node out of maintenance: a \`maintenance_on\` that is still running is cancelled, then \`maintenance_off\` is sent, more than once if activations have
stacked, until the node itself reports that it is out. A node that no longer exists counts as out.`,
      onChange: {
        nodeUid: "replaced: the old node leaves maintenance before the new one enters",
        overwriteSnapshot: nextEntering,
        evictHaReplica: nextEntering,
        evictActiveActiveReplica: nextEntering,
        evictDbs: nextEntering,
        keepSlaveShards: nextEntering,
        snapshotName: onLeaving,
        skipShardsRestore: onLeaving,
        allowOtherNodesUnavailable: nextEntering,
        demoteNode: nextEntering,
      },
    },
    NodeRemoval: {
      onDelete:
        "forgets the removal. One that is still running is cancelled, which leaves a node that takes no new shards; one that somebody else has started is left alone. A removed node does not come back.",
    },
    ReplicaNode: {
      onDelete: "forgets it. The node keeps its role.",
      onChange: {
        demoteNode: "recorded; used if the node is not a replica",
        allowOtherNodesUnavailable: "recorded; used if the node is not a replica",
      },
    },
    NodeAction: {
      onDelete:
        "forgets the run. One that is still running, and was started by this resource, is cancelled; one that somebody else has started, and that was joined, goes on.",
    },
  },
  components: {
    RollingMaintenance: `Its children are steps, two for each node: \`<name>-node-2-in\`, \`<name>-node-2-out\`. A step is done once, so a completed roll
leaves every node out of maintenance, and the next \`up\` does nothing. Deleting a roll that stopped half way takes its node out of maintenance, unless
somebody else has put it there since. A node that somebody else has in maintenance already is refused, since the roll would end that:
\`allowNodesInMaintenance: true\` takes it over.`,
  },
};
