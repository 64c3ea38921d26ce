import { inputTable } from "./fields.ts";
import { blocks, table } from "./markdown.ts";
import { docOf, fieldsOf } from "./schemas.ts";

/** What holds back what is sent, and what does not let itself be held back. */
export function guardsPage(): string {
  return blocks(
    "# Guards",
    `Maintenance windows, freezes, how many nodes may be away at once, how soon a federation may switch again: set once for a stack, they hold whatever its
programs declare. Without them nothing is different, and nothing is loaded for them.`,
    `\`\`\`yaml file=Pulumi.production.yaml
config:
  clusterops:guards:
    "*":                          # every connection
      freezes:
        - { from: "2026-11-26T00:00", to: "2026-12-01T08:00", timeZone: Europe/Berlin, reason: Black Friday }
    redis:                        # the connection of that name
      windows:
        - { days: [sat, sun], from: "22:00", to: "04:00", timeZone: Europe/Berlin }
        - { from: "2026-12-09T22:00:00+01:00", to: "2026-12-10T04:00:00+01:00" }
      maxNodesAway: 1
    tcf-east:
      minutesBetweenSwitches: 60
\`\`\``,
    `Outside of the windows a preview refuses what would send something, and names the next one, in the zone of the window and in UTC. What may send something is judged
again by each operation right before its first request, by the clock of the machine that runs it: a window that closes between preview and \`up\` is closed, and a roll stops before its next node.`,
    "## Where they are set",
    table(
      ["where", "guards", "override"],
      [
        ["Pulumi", "`clusterops:guards` in stack configuration", "`clusterops:override`"],
        [
          "an explicit provider of the native plugin",
          "its argument `guards`, else the stack's",
          "its argument `override`, else the stack's",
        ],
        ["Terraform", "`guards` in the provider's block, with names in snake case", "`override` there"],
        [
          "environment, which counts in place of all others",
          "`CLUSTEROPS_GUARDS`, as JSON",
          "`CLUSTEROPS_OVERRIDE`",
        ],
      ],
    ),
    "A name, day, time zone or key that is misspelled refuses every preview, under its path: a guard that is not understood would guard nothing.",
    "## Which apply",
    docOf("Guards"),
    `A guard is given to a name, and holds the installation: another name for it, or settings in a program with one of its endpoints, are no way round. A federation
is held by the guards of both of its clusters. A connection that is only read from (the \`director\` of DatabaseSync and NodeSync) holds nothing.`,
    inputTable(
      fieldsOf("Guard").filter(({ path }) => !path.includes("[].")),
      "Setting",
    ),
    "A window or a freeze:",
    inputTable(fieldsOf("Freeze"), "Field"),
    "## What is not held back",
    table(
      ["what", "why"],
      [
        [
          "unfinished work, for what was declared when it began",
          "it was allowed to begin, and half done is worse than done. With other inputs it is other work",
        ],
        [
          "between the requests of one operation",
          "a window that closes between demote and promote stops nothing",
        ],
        [
          "a federation without an active cluster",
          "promoting one ends that (ActiveCluster and ClusterRole). With the other side dead, that is not known: it takes an override",
        ],
        [
          "leaving maintenance, giving way, cancelling",
          "deletes, `maintenance_off`, and the second half of a RollingMaintenance give back what was taken away",
        ],
        ["what is so already", "it is adopted, nothing is sent"],
        ["functions", "they read. `claimBatch` is a worker's own business"],
      ],
    ),
    "## Nodes away, switches",
    `\`maxNodesAway\` counts what [NodeMaintenance](redis.md#nodemaintenance) counts: nodes in maintenance (or that may be), going there or coming back, being removed, handing their shards over, or down,
whoever took them away. It only forbids: beside another node each resource still needs \`allowOtherNodesUnavailable\`, and with that it is held at the number. Of several that enter at
the same moment as many stay.`,
    `\`minutesBetweenSwitches\` counts from the last request of an ActiveCluster or ClusterRole that may have moved a role, also where that failed or was taken back, and
from a refresh that has seen that somebody else had switched. It is remembered with the resource: one that is declared anew, or in another stack, knows nothing of it.`,
    "## Break-glass",
    `\`\`\`sh config
pulumi config set clusterops:override "INC-4711 primary DC down"
pulumi config rm clusterops:override
\`\`\``,
    `With a reason, each guard that is in the way warns (\`overridden: ...\`), and none holds anything back. The reason is recorded in the output \`overridden\` of each resource that needed it, and told in the [timeline](timeline.md), in [events and
traces](traces-and-events.md); credentials of the connections are blanked in it. \`true\`, a word like it, or fewer than 8 characters are no reason, and refused. Take it out again afterwards: it counts for all that comes.`,
  );
}
