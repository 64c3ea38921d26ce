data "clusterops_factfinder_import_state" "de" {
  channel = "de"
}
