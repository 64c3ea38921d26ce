data "clusterops_tcf_status" "east" {
  connection = "tcf-east"
}
