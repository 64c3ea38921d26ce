resource "clusterops_aspire_crawl_failure" "stuck" {
  seed_id = "seed-1"

  lifecycle {
    postcondition {
      condition     = self.ready
      error_message = "Not finished: the next terraform apply resumes it."
    }
  }
}
