resource "clusterops_aspire_worker_release" "failed" {
  worker_ids = ["worker-1"]

  lifecycle {
    postcondition {
      condition     = self.ready
      error_message = "Not finished: the next terraform apply resumes it."
    }
  }
}
