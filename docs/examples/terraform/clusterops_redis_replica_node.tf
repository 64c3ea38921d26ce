# The node keeps no master shards, and does not lead the cluster.
resource "clusterops_redis_replica_node" "spare" {
  node_uid = 3

  lifecycle {
    postcondition {
      condition     = self.ready
      error_message = "Not finished: the next terraform apply resumes it."
    }
  }
}
