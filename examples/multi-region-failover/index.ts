import * as pulumi from "@pulumi/pulumi";
import { tcf } from "pulumi-clusterops";

/** Where everything is to run: `east` or `west`. */
const region = new pulumi.Config().require("region");

const payments = new tcf.ActiveCluster("payments", {
  active: `payments-${region}`,
  clusters: { "payments-east": "payments-east", "payments-west": "payments-west" },
});

// Orders needs payments beside it: it follows once payments is seen active over there, and stays where it is if that fails.
const orders = new tcf.ActiveCluster(
  "orders",
  {
    active: `orders-${region}`,
    clusters: { "orders-east": "orders-east", "orders-west": "orders-west" },
  },
  { dependsOn: payments },
);

export const active = [payments.activeName, orders.activeName];
