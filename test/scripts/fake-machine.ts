import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { cliVersion, executables, versionFolder } from "../../scripts/pulumi-cli/layout.ts";

/** A machine on which nothing is installed but what a test puts there: a PATH of one folder and an empty PULUMI_HOME. */
export class FakeMachine implements AsyncDisposable {
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  /** What ensurePulumi has told the person who waits. */
  readonly said: string[] = [];
  readonly say = (line: string): void => void this.said.push(line);

  private constructor(root: string) {
    this.root = root;
    this.env = { PATH: join(root, "bin"), HOME: root, PULUMI_HOME: join(root, "pulumi") };
  }

  static async create(): Promise<FakeMachine> {
    const machine = new FakeMachine(await mkdtemp(join(tmpdir(), "clusterops-machine-")));
    await mkdir(join(machine.root, "bin"));
    return machine;
  }

  get versionFolder(): string {
    return versionFolder(this.env);
  }

  /** Writes an executable shell script. */
  async script(path: string, ...lines: string[]): Promise<string> {
    const file = join(this.root, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, ["#!/bin/sh", ...lines, ""].join("\n"));
    await chmod(file, 0o755);
    return file;
  }

  /** Puts a CLI into a folder; `without` leaves one of its hosts out. */
  async cli(
    folder: string,
    version: string = cliVersion,
    without?: keyof typeof executables,
  ): Promise<string> {
    for (const [role, name] of Object.entries(executables)) {
      if (role !== without)
        await this.script(join(folder, name), role === "cli" ? `echo v${version}` : "exit 0");
    }
    return join(this.root, folder, executables.cli);
  }

  /**
   * A `go` that "builds" a CLI of the right version after some seconds. It writes down its calls in go.log, and builds in build.log
   * when they start and end.
   */
  async go({ version = "1.99.0", toolchain = "auto", seconds = 0, builds = cliVersion } = {}): Promise<void> {
    const sdk = join(this.root, "sdk");
    await this.script("sdk/nodejs/dist/pulumi-resource-pulumi-nodejs", "exit 0");
    await this.script(
      "bin/go",
      `echo "$* GOTOOLCHAIN=$GOTOOLCHAIN GOWORK=$GOWORK" >> ${this.root}/go.log`,
      `case "$*" in`,
      `"env GOVERSION") echo go${version};;`,
      `"env GOTOOLCHAIN") echo ${toolchain};;`,
      `*{{.Dir}}*) echo ${sdk};;`,
      `*{{.Version}}*) echo v${cliVersion};;`,
      `list*) echo a; echo b; echo c;;`,
      `build*)`,
      `  echo start >> ${this.root}/build.log`,
      `  echo "go: downloading example.com/a v1.0.0" >&2; echo net/http >&2; echo example.com/a/b >&2`,
      `  while [ "$1" != -o ]; do shift; done`,
      `  printf '#!/bin/sh\\n' > "$2"; /bin/sleep ${seconds}; echo 'echo v${builds}' >> "$2"; /bin/chmod 755 "$2"`,
      `  echo end >> ${this.root}/build.log;;`,
      `esac`,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }
}
