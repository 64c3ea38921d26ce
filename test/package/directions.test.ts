import assert from "node:assert/strict";
import { join } from "node:path";
import { cruise, type IForbiddenRuleType } from "dependency-cruiser";
import extractTSConfig from "dependency-cruiser/config-utl/extract-ts-config";

const root = join(import.meta.dirname, "..", "..");
const systems = "(redis|tcf|factfinder|aspire)";
/** Of the core, from above: each imports from those below it only. */
const floors = ["lifecycle", "observe", "work", "http", "guards", "connection", "data"];
const npm = (name: string) => `(^|/)node_modules/${name}/`;

/** Arrows point one way. Type imports are arrows too. */
const forbidden: (IForbiddenRuleType & { name: string })[] = [
  {
    name: "what is looked at before anything else is loaded loads nothing else",
    from: { path: "^runtime/" },
    to: { pathNot: "^(runtime/|node:|[a-z]+$)" },
  },
  {
    name: "the core knows no system",
    from: { path: "^provider/core/" },
    to: { path: "^provider/", pathNot: "^provider/(core|generated)/" },
  },
  {
    name: "a system never imports another, nor the entry",
    from: { path: `^provider/${systems}/` },
    to: { path: "^provider/", pathNot: "^provider/($1|core)/" },
  },
  {
    name: "the provider imports nothing around it",
    from: { path: "^provider/" },
    to: { path: "^(sdk|doors|simulators|cli|scripts|examples|test)/" },
  },
  {
    name: "the sdk and the doors see the provider's entry only",
    from: { path: "^(sdk|doors)/" },
    to: { path: "^(provider|simulators|cli|scripts|examples|test)/", pathNot: "^provider/index\\.ts$" },
  },
  {
    name: "a door knows neither the sdk nor another door",
    from: { path: "^doors/([^/]+)/" },
    to: { path: "^(sdk|doors)/", pathNot: "^doors/($1|shared)/" },
  },
  ...floors.slice(1).map((floor, index) => ({
    name: `core/${floor} imports from no floor above it`,
    from: { path: `^provider/core/${floor}/` },
    to: { path: `^provider/core/(${floors.slice(0, index + 1).join("|")})/` },
  })),
  {
    name: "simulators are the other side of the wire",
    from: { path: "^simulators/" },
    to: { path: "^(provider|sdk|doors|cli|scripts|examples|test)/" },
  },
  {
    name: "an example imports the package by its name, as users do",
    from: { path: "^examples/" },
    to: { path: "^(provider|sdk|doors|simulators|cli|scripts|test)/" },
  },
  {
    name: "nothing that is packed imports scripts or tests",
    from: { path: "^(runtime|provider|sdk|doors|simulators|cli)/" },
    to: { path: "^(scripts|test)/" },
  },
  {
    name: "@pulumi/pulumi is a value import in sdk/ and doors/ only",
    from: { path: "^(provider|simulators|cli)/" },
    to: { path: npm("@pulumi/pulumi"), dependencyTypesNot: ["type-only"] },
  },
  {
    name: "undici is imported in core/http/network.ts only",
    from: {
      path: "^(runtime|provider|sdk|doors|simulators|cli)/",
      pathNot: "^provider/core/http/network\\.ts$",
    },
    to: { path: npm("undici") },
  },
  {
    name: "p-retry is imported in core/http/http.ts only",
    from: {
      path: "^(runtime|provider|sdk|doors|simulators|cli)/",
      pathNot: "^provider/core/http/http\\.ts$",
    },
    to: { path: npm("p-retry") },
  },
  {
    name: "luxon is imported in core/guards/calendar.ts only, which is loaded once there are guards",
    from: {
      path: "^(runtime|provider|sdk|doors|simulators|cli)/",
      pathNot: "^provider/core/guards/calendar\\.ts$",
    },
    to: { path: npm("(@types/)?luxon") },
  },
  {
    name: "OpenTelemetry is imported in what is loaded with core/observe/traces.ts only",
    from: {
      path: "^(runtime|provider|sdk|doors|simulators|cli)/",
      pathNot: "^provider/core/observe/(traces|spans|otlp-grpc)\\.ts$",
    },
    to: { path: npm("@opentelemetry") },
  },
  {
    name: "ajv has done its work when the package is built",
    from: { path: "^(runtime|provider|sdk|doors|simulators|cli)/", pathNot: "^provider/generated/" },
    to: { path: npm("ajv(-formats)?") },
  },
  {
    name: "what is packed is made of our code, the peer, and these packages",
    from: { path: "^(runtime|provider|sdk|doors|simulators|cli)/", pathNot: "^doors/(native|terraform)/" },
    to: {
      path: "(^|/)node_modules/",
      pathNot: npm(
        "(@opentelemetry/[^/]+|@pulumi/pulumi|ajv/dist/runtime|leven|luxon|p-retry|semver|undici)",
      ),
    },
  },
  {
    name: "the native plugin has Pulumi's protocol built in, and nothing else",
    from: { path: "^doors/native/" },
    to: {
      path: "(^|/)node_modules/",
      pathNot: npm("(@pulumi/pulumi/proto|@grpc/grpc-js|google-protobuf)"),
    },
  },
  {
    name: "the provider of Terraform has its protocol built in, and nothing else",
    from: { path: "^doors/terraform/" },
    to: {
      path: "(^|/)node_modules/",
      pathNot: npm("(@grpc/grpc-js|@msgpack/msgpack|protobufjs)"),
    },
  },
  {
    name: "nothing goes round in a circle, types included",
    from: { path: "^(runtime|provider|sdk|doors|simulators|cli|scripts)/" },
    to: { circular: true },
  },
];

describe("imports point one way", () => {
  let violations: { rule: { name: string }; from: string; to: string }[];
  let modules: number;

  before(async function () {
    this.timeout(60_000);
    const folders = ["runtime", "provider", "doors", "sdk", "simulators", "cli", "scripts", "examples"];
    const { output } = await cruise(
      folders,
      {
        baseDir: root,
        ruleSet: { forbidden },
        validate: true,
        tsPreCompilationDeps: true,
        doNotFollow: { path: "node_modules" },
      },
      undefined,
      { tsConfig: extractTSConfig(join(root, "tsconfig.json")) },
    );
    assert.ok(typeof output === "object");
    violations = output.summary.violations;
    modules = output.summary.totalCruised;
  });

  it("and all of them were looked at", () => {
    assert.ok(modules > 100, `${modules} modules`);
  });

  for (const { name } of forbidden) {
    it(name, () => {
      const found = violations.filter(({ rule }) => rule.name === name);
      assert.deepEqual(
        found.map(({ from, to }) => `${from} -> ${to}`),
        [],
      );
    });
  }
});
