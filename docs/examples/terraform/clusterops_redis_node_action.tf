# One run. A changed `triggers` runs it again: change those of the intent with it.
resource "clusterops_redis_node_action" "demotion" {
  node_uid = 1
  action   = "enslave_node"
  before   = clusterops_redis_node_action_intent.demotion.before

  lifecycle {
    postcondition {
      condition     = self.ready
      error_message = "Not finished: the next terraform apply resumes it."
    }
  }
}
