terraform {
  required_providers {
    clusterops = {
      source = "registry.terraform.io/pulumi-clusterops/clusterops"
    }
  }
}

variable "endpoint" {
  type = string
}

variable "username" {
  type    = string
  default = null
}

variable "password" {
  type      = string
  default   = null
  sensitive = true
}

variable "node_uid" {
  description = "The node that is in maintenance; null: none."
  type        = number
  default     = null
}

provider "clusterops" {
  connections = {
    redis = {
      endpoints = [var.endpoint]
      username  = var.username
      password  = var.password
    }
  }
}

# Exists while the window is open: without it the node comes back.
resource "clusterops_redis_node_maintenance" "window" {
  for_each = var.node_uid == null ? [] : toset([tostring(var.node_uid)])
  node_uid = each.value
  timeout  = "30m"

  lifecycle {
    postcondition {
      condition     = self.ready
      error_message = "Node ${each.value} is not in maintenance yet: the next terraform apply goes on."
    }
  }
}

data "clusterops_redis_nodes" "all" {}

output "nodes" {
  value = { for node in data.clusterops_redis_nodes.all.nodes : node.node_uid => node.status }
}
