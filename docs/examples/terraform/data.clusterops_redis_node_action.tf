data "clusterops_redis_node_action" "last" {
  node_uid = 2
  action   = "maintenance_on"
}
