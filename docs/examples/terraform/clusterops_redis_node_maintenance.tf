# Exists while the node is in maintenance: deleting it brings the node back.
resource "clusterops_redis_node_maintenance" "window" {
  node_uid = 2
  timeout  = "30m"

  lifecycle {
    postcondition {
      condition     = self.ready
      error_message = "Not finished: the next terraform apply resumes it."
    }
  }
}
