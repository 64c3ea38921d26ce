# Changing `active` fails over. Deleting it changes no role.
resource "clusterops_tcf_active_cluster" "orders" {
  active   = "cluster1"
  clusters = { cluster1 = "tcf-east", cluster2 = "tcf-west" }

  lifecycle {
    postcondition {
      condition     = self.ready
      error_message = "Not finished: the next terraform apply resumes it."
    }
  }
}
