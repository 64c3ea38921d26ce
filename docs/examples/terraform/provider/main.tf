terraform {
  required_providers {
    clusterops = {
      source = "registry.terraform.io/pulumi-clusterops/clusterops"
    }
  }
}

variable "redis_password" {
  type      = string
  sensitive = true
}

provider "clusterops" {
  connections = {
    redis = {
      endpoints = ["https://cluster.example:9443"]
      username  = "ops@example.com"
      password  = var.redis_password
    }
    tcf-east   = { endpoint = "http://east.example:8081" }
    tcf-west   = { endpoint = "http://west.example:8081" }
    factfinder = { endpoint = "https://search.example/fact-finder" }
    worker-1   = { endpoint = "https://worker-1.example/fact-finder" }
    worker-2   = { endpoint = "https://worker-2.example/fact-finder" }
    aspire     = { endpoint = "https://aspire.example:50505" }
  }
}
