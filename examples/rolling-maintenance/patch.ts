import * as pulumi from "@pulumi/pulumi";

export interface PatchArgs {
  nodeUid: number;
  /** Run by a shell that finds the node's uid in NODE_UID. */
  command: string;
  /** When it changes, the node is patched again. */
  release: string;
}

// Stands for whatever is done to a node: in earnest rather `command.remote.Command` of @pulumi/command, over SSH.
const provider: pulumi.dynamic.ResourceProvider<PatchArgs, PatchArgs> = {
  async create(args) {
    await run(args);
    return { id: String(args.nodeUid), outs: args };
  },
  async update(_id, _olds, args) {
    await run(args);
    return { outs: args };
  },
};

async function run({ nodeUid, command }: PatchArgs): Promise<void> {
  const { execSync } = await import("node:child_process");
  execSync(command, { env: { ...process.env, NODE_UID: String(nodeUid) }, stdio: "pipe" });
}

/** Patches one node with a command. */
export class Patch extends pulumi.dynamic.Resource {
  constructor(name: string, args: PatchArgs, opts?: pulumi.CustomResourceOptions) {
    super(provider, name, args, opts, "examples", "Patch");
  }
}
