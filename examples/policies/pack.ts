import { PolicyPack } from "@pulumi/policy";
import * as pulumi from "@pulumi/pulumi";
import { failoverBesideMaintenance, forcedWithoutReason, type Settings, withoutWindows } from "./rules.ts";

const config = new pulumi.Config("clusterops");

/** The environment beats configuration, as for the resources. */
function settings(): Settings {
  return {
    guards: process.env.CLUSTEROPS_GUARDS || config.get("guards"),
    override: process.env.CLUSTEROPS_OVERRIDE || config.get("override"),
  };
}

new PolicyPack("clusterops", {
  enforcementLevel: "mandatory",
  policies: [
    {
      name: "no-failover-beside-maintenance",
      description: "A failover and the maintenance of a node are two updates.",
      validateStack: ({ resources }, report) => say(failoverBesideMaintenance(resources), report),
    },
    {
      name: "no-force-without-override",
      description: "Who goes ahead in spite of what is seen says why.",
      validateResource: (resource, report) => say(forcedWithoutReason(resource, settings()), report),
    },
    {
      name: "windows-in-production",
      description: "In production something is sent in maintenance windows only.",
      configSchema: {
        properties: {
          stacks: {
            type: "string",
            default: "^prod",
            description: "Which stacks are production, as a regular expression.",
          },
        },
      },
      validateStack(args, report) {
        const { stacks } = args.getConfig<{ stacks: string }>();
        say(withoutWindows(args.resources, new RegExp(stacks), settings()), report);
      },
    },
  ],
});

function say(objection: string | undefined, report: (message: string) => void): void {
  if (objection !== undefined) report(objection);
}
