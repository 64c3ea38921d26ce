import assert from "node:assert/strict";
import type { ConfigSource } from "../../../provider/core/connection/configured.ts";
import { Resolutions } from "../../../provider/core/connection/resolutions.ts";
import { InputError } from "../../../provider/core/data/errors.ts";
import { plain } from "../client.ts";
import { withPem } from "./pem-cases.ts";

/** Stack configuration with one connection, `plain`. */
function configured(settings: object): ConfigSource {
  const text = JSON.stringify({ plain: settings });
  return (key) => (key === "clusterops:connections" ? text : undefined);
}

const endpoint = "https://host.test";
const variable = "CLUSTEROPS_PLAIN_PASSWORD";

describe("what a connection means", () => {
  const pem = withPem();
  let resolutions: Resolutions;
  const resolve = (config: ConfigSource) => resolutions.resolve(plain, undefined, config);

  beforeEach(() => {
    resolutions = new Resolutions();
  });

  afterEach(() => {
    delete process.env[variable];
    delete process.env.HTTPS_PROXY;
  });

  it("is worked out once for settings that stay the same", () => {
    const settings = { endpoint, username: "ops", password: "one" };
    assert.equal(resolve(configured(settings)), resolve(configured(settings)));
  });

  it("is another one as soon as configuration says another password, and again when it is set back", () => {
    const passwords = ["one", "two", "one"].map(
      (password) => resolve(configured({ endpoint, username: "ops", password })).password,
    );
    assert.deepEqual(passwords, ["one", "two", "one"]);
  });

  it("is another one as soon as a variable says so", () => {
    const config = configured({ endpoint, username: "ops", password: "one" });
    assert.equal(resolve(config).password, "one");
    process.env[variable] = "two";
    assert.equal(resolve(config).password, "two");
    delete process.env[variable];
    assert.equal(resolve(config).password, "one");
  });

  it("is another one as soon as requests go by a proxy", () => {
    const config = configured({ endpoint });
    assert.equal(resolve(config).proxies.https, undefined);
    process.env.HTTPS_PROXY = "http://proxy.test:3128";
    assert.equal(resolve(config).proxies.https?.text, "http://proxy.test:3128");
  });

  it("is what the system's own name means to that system alone", () => {
    const config: ConfigSource = (key) =>
      key === "clusterops:connections" ? JSON.stringify({ plain: { endpoint } }) : undefined;
    const other = { ...plain, basePath: "/api" };
    assert.deepEqual(resolve(config).endpoints, [endpoint]);
    assert.deepEqual(resolutions.resolve(other, undefined, config).endpoints, [`${endpoint}/api`]);
  });

  it("is read again where it stands in files: another authority may have taken the first one's place", () => {
    const config = configured({ endpoint, caCert: pem.file("ca.pem", pem.texts.ca) });
    const first = resolve(config).tls.ca;
    pem.file("ca.pem", pem.texts.foreign);
    assert.notEqual(resolve(config).tls.ca, first);
  });

  it("is looked at again where it was wrong", () => {
    assert.throws(() => resolve(configured({ endpoint: "no URL" })), InputError);
    assert.deepEqual(resolve(configured({ endpoint })).endpoints, [endpoint]);
  });
});
