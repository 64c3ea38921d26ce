data "clusterops_redis_node" "two" {
  node_uid = 2
}
