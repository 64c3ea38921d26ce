// Command go-maintenance is the window in which the machines of cluster1 are worked on: `go run . open` has cluster2 active and node 2 in
// maintenance, `go run . close` takes both back.
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/pulumi-clusterops/pulumi-clusterops/sdks/go/clusterops/redis"
	"github.com/pulumi-clusterops/pulumi-clusterops/sdks/go/clusterops/tcf"
	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// What is so for as long as the window is open, or closed.
func declare(active string, isOpen bool) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		orders, err := tcf.NewActiveCluster(ctx, "orders", &tcf.ActiveClusterArgs{
			Active: pulumi.String(active),
			Clusters: pulumi.Map{
				"cluster1": pulumi.String("tcf-east"),
				"cluster2": pulumi.String("tcf-west"),
			},
		})
		if err != nil || !isOpen {
			return err
		}
		node, err := redis.NewNodeMaintenance(ctx, "node-2", &redis.NodeMaintenanceArgs{
			NodeUid: pulumi.Int(2),
			// How long the shards may take to move away. When it runs out, nothing is lost: the next run goes on waiting.
			Timeout: pulumi.String("45m"),
		}, pulumi.DependsOn([]pulumi.Resource{orders}))
		if err != nil {
			return err
		}
		ctx.Export("shardsOnNode2", node.ShardCount)
		return nil
	}
}

func run(ctx context.Context, program pulumi.RunFunc) error {
	stack, err := auto.UpsertStackInlineSource(ctx, "dev", "go-maintenance", program, auto.WorkDir("."))
	if err != nil {
		return err
	}
	result, err := stack.Up(ctx, optup.ProgressStreams(os.Stdout), optup.Color("never"))
	if err != nil {
		return err
	}
	if shards, isOpen := result.Outputs["shardsOnNode2"]; isOpen {
		fmt.Printf("The window is open: %v shards on node 2\n", shards.Value)
	} else {
		fmt.Println("The window is closed")
	}
	return nil
}

func main() {
	windows := map[string]pulumi.RunFunc{
		"open":  declare("cluster2", true),
		"close": declare("cluster1", false),
	}
	if len(os.Args) != 2 || windows[os.Args[1]] == nil {
		log.Fatal("usage: go run . open|close")
	}
	if err := run(context.Background(), windows[os.Args[1]]); err != nil {
		log.Fatal(err)
	}
}
