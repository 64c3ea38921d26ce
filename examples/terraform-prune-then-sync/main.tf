terraform {
  required_providers {
    clusterops = {
      source = "registry.terraform.io/pulumi-clusterops/clusterops"
    }
  }
}

variable "director" {
  type = string
}

variable "workers" {
  description = "The workers' endpoints, by name."
  type        = map(string)
}

variable "release" {
  description = "A new one prunes the channel again."
  type        = string
}

locals {
  channel = "de"
}

provider "clusterops" {
  connections = merge(
    { factfinder = { endpoint = var.director } },
    { for name, endpoint in var.workers : name => { endpoint = endpoint } },
  )
}

# What was there before the prune: so that one that is killed is found, and not done twice.
resource "clusterops_factfinder_database_prune_intent" "release" {
  channel  = local.channel
  triggers = [var.release]
}

resource "clusterops_factfinder_database_prune" "release" {
  channel  = local.channel
  triggers = [var.release]
  before   = clusterops_factfinder_database_prune_intent.release.before

  lifecycle {
    postcondition {
      condition     = self.ready
      error_message = "The prune is not finished: the next terraform apply resumes it."
    }
  }
}

resource "clusterops_factfinder_database_sync" "workers" {
  channel  = local.channel
  director = "factfinder"
  nodes    = keys(var.workers)
  triggers = [clusterops_factfinder_database_prune.release.database_version]

  lifecycle {
    postcondition {
      condition     = self.ready
      error_message = "Not all workers are in sync: the next terraform apply resumes it."
    }
  }
}

output "database_version" {
  value = clusterops_factfinder_database_sync.workers.database_version
}
