/**
 * For Node.js processes that load Pulumi's SDK (`NODE_OPTIONS=--require`): what it loads at its start and our programs never come to is
 * loaded when it is used, which halves the CPU time of a run of the CLI. Programs of the tests are ES modules, whose types Node.js strips:
 * TypeScript is left out, as Pulumi.yaml's `typescript: false` would do. What users do by README.md and in the projects of `pulumi new`
 * is tested without this (examples/newcomer, quickstart and commonjs-typescript, e2e/library).
 */
const Module = require("node:module");

delete process.env.PULUMI_NODEJS_TYPESCRIPT;

const { _load: load } = Module;

/** An npm within the SDK and the compiler, both for functions that are serialized; ours are not. */
const forClosures = /^(@npmcli\/arborist|typescript)$/;
/** What `--tracing` needs. */
const forTracing = /^@opentelemetry\/(?!api$)/;
/** Reads a map for each file that a stack trace names, also of traces that nobody sees. */
const forTraces = "source-map-support/register";

/** A module that is loaded by the first property that somebody asks for. */
function whenUsed(real) {
  return new Proxy({}, { get: (_, key) => (key === "__esModule" ? true : real()[key]) });
}

/** A module of classes, of which the properties are asked for at once: it is loaded by the first that is called. */
function whenCalled(real) {
  const later = (key) =>
    new Proxy(class {}, {
      construct: (_, args) => new (real()[key])(...args),
      apply: (_, self, args) => real()[key].apply(self, args),
    });
  return new Proxy({}, { get: (_, key) => later(key) });
}

Module._load = function (request, parent, ...more) {
  const from = parent?.filename ?? "";
  const real = () => load.call(this, request, parent, ...more);
  if (!/[\\/]@pulumi[\\/]pulumi[\\/]/.test(from)) return real();
  if (request === forTraces) return {};
  if (forClosures.test(request)) return whenUsed(real);
  if (forTracing.test(request) && /[\\/]run[\\/]tracing\.js$/.test(from)) return whenCalled(real);
  return real();
};

// Processes that the engine ends by a signal have not kept what they compiled.
if (/dynamic-provider|clusterops\.mjs/.test(process.argv[1] ?? ""))
  setTimeout(Module.flushCompileCache, 700).unref();
