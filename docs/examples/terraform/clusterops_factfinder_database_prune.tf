# Prunes the channel's database once, and again when `triggers` change.
resource "clusterops_factfinder_database_prune" "de" {
  channel  = "de"
  triggers = ["2026-11"]
  before   = clusterops_factfinder_database_prune_intent.de.before

  lifecycle {
    postcondition {
      condition     = self.ready
      error_message = "Not finished: the next terraform apply resumes it."
    }
  }
}
