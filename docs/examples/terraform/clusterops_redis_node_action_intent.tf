# What was there before the run: so that one that is killed is recognized.
resource "clusterops_redis_node_action_intent" "demotion" {
  node_uid = 1
  action   = "enslave_node"
}
