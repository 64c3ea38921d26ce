data "clusterops_factfinder_cluster_state" "de" {
  channel = "de"
}
