resource "clusterops_aspire_batch_acknowledgement" "done" {
  batch_ids = ["17"]
  type      = "process"

  lifecycle {
    postcondition {
      condition     = self.ready
      error_message = "Not finished: the next terraform apply resumes it."
    }
  }
}
