resource "clusterops_aspire_seed_release" "nightly" {
  seed_ids = ["seed-1", "seed-2"]

  lifecycle {
    postcondition {
      condition     = self.ready
      error_message = "Not finished: the next terraform apply resumes it."
    }
  }
}
