data "clusterops_tcf_is_active" "east" {
  connection = "tcf-east"
}
