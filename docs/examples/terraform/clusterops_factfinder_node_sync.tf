# One node brought in sync, and verified against the director.
resource "clusterops_factfinder_node_sync" "worker" {
  connection = "worker-1"
  channels   = ["de"]
  director   = "factfinder"

  lifecycle {
    postcondition {
      condition     = self.ready
      error_message = "Not finished: the next terraform apply resumes it."
    }
  }
}
