data "clusterops_redis_can_maintain" "two" {
  node_uid = 2
}

check "node_2_is_free" {
  assert {
    condition     = data.clusterops_redis_can_maintain.two.possible
    error_message = join("; ", data.clusterops_redis_can_maintain.two.blockers[*].reason)
  }
}
