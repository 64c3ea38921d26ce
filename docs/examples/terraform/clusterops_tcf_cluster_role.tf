# For whoever controls one of the two sides only.
resource "clusterops_tcf_cluster_role" "west" {
  role       = "passive"
  cluster    = "cluster2"
  connection = "tcf-west"

  lifecycle {
    postcondition {
      condition     = self.ready
      error_message = "Not finished: the next terraform apply resumes it."
    }
  }
}
