# One step of a roll: the node enters maintenance; a later step with phase = "leave" brings it back.
resource "clusterops_redis_maintenance_step" "enter" {
  node_uid = 2
  phase    = "enter"

  lifecycle {
    postcondition {
      condition     = self.ready
      error_message = "Not finished: the next terraform apply resumes it."
    }
  }
}
