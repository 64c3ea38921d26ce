data "clusterops_tcf_clusters" "both" {
  connection = "tcf-east"
}
