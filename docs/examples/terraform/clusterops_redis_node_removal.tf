# Takes the node out of the cluster for good.
resource "clusterops_redis_node_removal" "retired" {
  node_uid = 3

  lifecycle {
    postcondition {
      condition     = self.ready
      error_message = "Not finished: the next terraform apply resumes it."
    }
  }
}
