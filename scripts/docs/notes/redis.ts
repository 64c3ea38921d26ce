import { redis as system } from "../../../provider/redis/system.ts";
import type { Notes } from "./notes.ts";

const nextEntering = "recorded; takes effect the next time the node enters";
const onLeaving = "recorded; used on leaving";

export const redis: Notes = {
  system,
  intro: `The REST API of Redis Enterprise Software, on port 9443. The connection is called \`redis\` unless a resource says otherwise. Credentials
are \`username\` and \`password\`, or a \`token\`, which goes out as \`Authorization: JWT\`. Reading takes any built-in role; starting and cancelling an action takes
the role admin.

List several nodes under \`endpoints\`: they are tried in turn. A node that is not the leader redirects (307) to the leader's internal address; that is followed,
since the cluster itself lists the address.

An action that is running already is joined, whoever started it; one that ended badly is recorded with the cluster's reason, and the next \`up\` runs it again.`,
  resources: {
    NodeMaintenance: {
      onDelete: `takes the node out of maintenance: a \`maintenance_on\` that still runs is cancelled, then \`maintenance_off\` is sent, again where activations have
stacked, until the node itself says that it is out. A node that is gone is out.`,
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
        "forgets the removal; one that still runs is cancelled, and leaves a node that takes no new shards. A node that has been removed does not come back.",
    },
    ReplicaNode: {
      onDelete: "forgets it. The node keeps its role.",
      onChange: {
        demoteNode: "recorded; used where the node is no replica",
      },
    },
    NodeAction: {
      onDelete:
        "forgets the run; one that still runs, and was started or joined by this resource, is cancelled.",
    },
  },
  components: {
    RollingMaintenance: `Its children are steps, two for each node: \`<name>-node-2-in\`, \`<name>-node-2-out\`. A step is done once, so a roll that is through
leaves every node out of maintenance, and the next \`up\` does nothing. Deleting a roll that has stopped half-way takes its node out of maintenance, if
nobody else has put it there since.`,
  },
};
