"""`python main.py cluster2` shows what would happen, asks, and does it."""

import os
import sys

import pulumi
from pulumi import automation
from pulumi_clusterops import factfinder, redis, tcf


def declare(active: str) -> None:
    orders = tcf.ActiveCluster(
        "orders",
        active=active,
        # The name of each cluster, and the connection that leads to it.
        clusters={"cluster1": "tcf-east", "cluster2": "tcf-west"},
    )
    # In maintenance for as long as this resource exists: its shards are on the other nodes.
    redis.NodeMaintenance("node-2", node_uid=2, timeout="45m", opts=pulumi.ResourceOptions(depends_on=orders))

    # Once, after each failover. The companion records what was there before: a run whose process was killed is then recognized.
    run = {"channel": "de", "triggers": [orders.active_name]}
    record = factfinder.DatabasePruneIntent("prune-intent", **run)
    factfinder.DatabasePrune("prune", **run, before=record.before)

    pulumi.export("activeName", orders.active_name)


def main(active: str, stack_name: str = "dev") -> None:
    here = os.path.dirname(os.path.abspath(__file__))
    stack = automation.create_or_select_stack(
        stack_name,
        "python-failover",
        lambda: declare(active),
        opts=automation.LocalWorkspaceOptions(work_dir=here),
    )
    preview = stack.preview(on_output=print, color="never")
    if set(preview.change_summary) == {"same"}:
        print(f"{active} is what the stack says already.")
        return
    print(f"Make {active} the active cluster? (yes/no) ", end="", flush=True)
    # Input that ends without an answer is no yes.
    if sys.stdin.readline().strip() == "yes":
        outputs = stack.up(on_output=print, color="never").outputs
        print("Active:", outputs["activeName"].value)
    else:
        print("Nothing was done.")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: python main.py <cluster> [stack]")
    main(*sys.argv[1:3])
