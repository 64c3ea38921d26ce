data "clusterops_redis_nodes" "all" {}

output "inactive_nodes" {
  value = [for node in data.clusterops_redis_nodes.all.nodes : node.node_uid if node.status != "active"]
}
