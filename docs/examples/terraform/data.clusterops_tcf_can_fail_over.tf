data "clusterops_tcf_can_fail_over" "orders" {
  clusters = { cluster1 = "tcf-east", cluster2 = "tcf-west" }
}

output "obstacles" {
  value = data.clusterops_tcf_can_fail_over.orders.blockers[*].reason
}
