data "clusterops_redis_node_actions" "all" {}
