data "clusterops_factfinder_database_state" "de" {
  channel = "de"
}
