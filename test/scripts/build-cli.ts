// A process of its own for the tests of what happens between processes: gets the CLI with whatever `go` its PATH has.
import { goBuild } from "../../scripts/pulumi-cli/go-build.ts";
import { ensurePulumi } from "../../scripts/pulumi-cli.ts";

const { bin } = await ensurePulumi({ ways: [goBuild()], staleAfter: 2_000 });
console.log(bin);
