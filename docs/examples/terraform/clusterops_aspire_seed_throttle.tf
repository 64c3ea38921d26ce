resource "clusterops_aspire_seed_throttle" "pause" {
  seed_id     = "seed-1"
  pause_until = "2031-11-27T06:00:00Z"

  lifecycle {
    postcondition {
      condition     = self.ready
      error_message = "Not finished: the next terraform apply resumes it."
    }
  }
}
