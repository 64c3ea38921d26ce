resource "clusterops_factfinder_config_version_reset" "reset" {
  triggers = ["2026-11"]

  lifecycle {
    postcondition {
      condition     = self.ready
      error_message = "Not finished: the next terraform apply resumes it."
    }
  }
}
