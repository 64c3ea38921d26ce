# Each node at the director's versions.
resource "clusterops_factfinder_database_sync" "workers" {
  channel  = "de"
  director = "factfinder"
  nodes    = ["worker-1", "worker-2"]

  lifecycle {
    postcondition {
      condition     = self.ready
      error_message = "Not finished: the next terraform apply resumes it."
    }
  }
}
