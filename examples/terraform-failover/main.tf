terraform {
  required_providers {
    clusterops = {
      source = "registry.terraform.io/pulumi-clusterops/clusterops"
    }
  }
}

variable "endpoints" {
  description = "Of each cluster of the federation, by its name."
  type        = object({ cluster1 = string, cluster2 = string })
}

variable "active" {
  description = "The cluster that is to be active: changing it fails over."
  type        = string
  default     = "cluster1"
}

provider "clusterops" {
  connections = { for name, endpoint in var.endpoints : name => { endpoint = endpoint } }
}

resource "clusterops_tcf_active_cluster" "orders" {
  active   = var.active
  clusters = { cluster1 = "cluster1", cluster2 = "cluster2" }

  lifecycle {
    postcondition {
      condition     = self.ready
      error_message = "The failover is not finished: the next terraform apply resumes it."
    }
  }
}

output "active" {
  value = clusterops_tcf_active_cluster.orders.active_name
}
