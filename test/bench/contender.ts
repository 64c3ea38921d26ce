import { PulumiProject } from "../../scripts/pulumi-project.ts";
import { peakMemory } from "./peak-memory.ts";
import { quantile } from "./report.ts";

/** A program whose resources are all adopted by its first `up`. */
export const ours = (count: number) => `import { redis } from "pulumi-clusterops";
for (let uid = 1; uid <= ${count}; uid++)
  new redis.NodeMaintenance("node-" + uid, { nodeUid: uid, timeout: "30m", allowOtherNodesUnavailable: true });`;

/** A preview that creates everything or, after `setUp`, one with nothing to do; an `up` with nothing to do. */
export const kinds = ["preview", "noopPreview", "noopUp"] as const;
export type Kind = (typeof kinds)[number];

const options = { check: true, limit: 600_000 };

/** A program in a project of its own, and the seconds of each of its runs. */
export class Contender implements AsyncDisposable {
  readonly seconds = { preview: [] as number[], noopPreview: [] as number[], noopUp: [] as number[] };
  private readonly project: PulumiProject;

  private constructor(project: PulumiProject) {
    this.project = project;
  }

  static async enter(
    program: string,
    config: Record<string, string> = {},
    files: Record<string, string> = {},
  ): Promise<Contender> {
    return new Contender(await PulumiProject.create({ program, config, files }));
  }

  async run(kind: Kind): Promise<void> {
    const operation = kind === "noopUp" ? this.project.up(options) : this.project.preview(options);
    this.seconds[kind].push((await operation).seconds);
  }

  /** Without the file that the CLI writes anew for each of so many steps: that is not what is measured. */
  async setUp(): Promise<void> {
    const env = { PULUMI_EXPERIMENTAL: "true", PULUMI_SKIP_CHECKPOINTS: "true" };
    await this.project.up({ ...options, env });
  }

  async stateBytes(): Promise<number> {
    return JSON.stringify((await this.project.export()).deployment).length;
  }

  /** The most that our process holds in a preview, in MiB. */
  async peak(): Promise<number> {
    const preview = this.project.start("preview", options);
    const peak = await peakMemory(preview);
    await preview.done;
    return peak;
  }

  median(kind: Kind): number {
    return quantile(this.seconds[kind], 0.5);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.project.remove();
  }
}
