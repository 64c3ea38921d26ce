import assert from "node:assert/strict";
import { delimiter } from "node:path";
import { pulumiEnvironment } from "../../scripts/pulumi-environment.ts";

const cli = { bin: "/cli/bin/pulumi", version: "3.259.0" };

function environment(env: NodeJS.ProcessEnv, extra?: NodeJS.ProcessEnv) {
  return pulumiEnvironment(cli, { stateFolder: "/state", home: "/home", passphrase: "hush", env, extra });
}

describe("the environment of an unattended run", () => {
  it("has a file backend, a home and a passphrase of its own, and asks for nothing", () => {
    const env = environment({});
    assert.equal(env.PULUMI_BACKEND_URL, "file:///state");
    assert.equal(env.PULUMI_HOME, "/home");
    assert.equal(env.PULUMI_CONFIG_PASSPHRASE, "hush");
    assert.equal(env.PULUMI_SKIP_UPDATE_CHECK, "1");
    assert.equal(env.PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION, "true");
  });

  it("finds the CLI's hosts first, then this checkout's Node.js, then what the person has", () => {
    const [first, second, third] = environment({ PATH: "/usr/bin" }).PATH?.split(delimiter) ?? [];
    assert.equal(first, "/cli/bin");
    assert.match(second ?? "", /node_modules[\\/]\.bin$/);
    assert.equal(third, "/usr/bin");
  });

  it("knows nothing of the installation and the stacks that a person's shell is set up for", () => {
    const person = {
      CLUSTEROPS_REDIS_ENDPOINTS: "https://production",
      PULUMI_ACCESS_TOKEN: "t",
      PULUMI_STACK: "prod",
      LANG: "C",
    };
    const env = environment(person, { CLUSTEROPS_TCF_TOKEN: "mine" });
    assert.equal(env.CLUSTEROPS_REDIS_ENDPOINTS, undefined);
    assert.equal(env.PULUMI_ACCESS_TOKEN, undefined);
    assert.equal(env.PULUMI_STACK, undefined);
    assert.equal(env.LANG, "C");
    assert.equal(env.CLUSTEROPS_TCF_TOKEN, "mine");
  });

  const proxies: [NodeJS.ProcessEnv, string][] = [
    [{}, "127.0.0.1,localhost"],
    [{ NO_PROXY: "intern" }, "intern,127.0.0.1,localhost"],
    [{ no_proxy: ".example" }, ".example,127.0.0.1,localhost"],
  ];
  for (const [person, expected] of proxies) {
    it(`asks this machine directly where a person has ${JSON.stringify(person)}`, () => {
      const { NO_PROXY, no_proxy } = environment({ HTTPS_PROXY: "http://proxy:3128", ...person });
      assert.deepEqual([NO_PROXY, no_proxy], [expected, expected]);
    });
  }
});
