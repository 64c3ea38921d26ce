# The versions before the prune: so that one that is killed is recognized.
resource "clusterops_factfinder_database_prune_intent" "de" {
  channel  = "de"
  triggers = ["2026-11"]
}
