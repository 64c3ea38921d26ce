import assert from "node:assert/strict";
import { settingOf } from "../../../provider/core/connection/setting.ts";
import { InputError } from "../../../provider/core/data/errors.ts";

const config = (values: Record<string, string>) =>
  Object.assign((key: string) => values[key], { keys: () => Object.keys(values) });

describe("a setting beside the connections", () => {
  it("is read from configuration", () =>
    assert.deepEqual(settingOf("expect", config({ "clusterops:expect": "report" }), {}), {
      at: "clusterops:expect",
      text: "report",
    }));

  it("is rather read from the environment", () =>
    assert.deepEqual(
      settingOf("expect", config({ "clusterops:expect": "report" }), { CLUSTEROPS_EXPECT: "c1.x" }),
      { at: "CLUSTEROPS_EXPECT", text: "c1.x" },
    ));

  it("is off where nobody has set it, beside connections and other settings", () => {
    const others = { CLUSTEROPS_REDIS_PASSWORD: "x", CLUSTEROPS_EXPRESS_TOKEN: "x", EXPECT: "x" };
    assert.equal(
      settingOf("expect", config({ "clusterops:connections": "{}", "shop:expects": "x" }), others),
      undefined,
    );
  });

  const slips: [values: Record<string, string>, environment: NodeJS.ProcessEnv, at: string, why: RegExp][] = [
    [{ "clusterops:expects": "x" }, {}, "clusterops:expects", /did you mean clusterops:expect\?/],
    [{ "clusterops:Except": "x" }, {}, "clusterops:Except", /did you mean clusterops:expect\?/],
    [{}, { CLUSTEROPS_EXEPCT: "x" }, "CLUSTEROPS_EXEPCT", /did you mean CLUSTEROPS_EXPECT\?/],
    [{}, { CLUSTEROPS_EXPECT: "" }, "CLUSTEROPS_EXPECT", /is empty/],
    [{ "clusterops:expect": " " }, {}, "clusterops:expect", /is empty/],
  ];
  for (const [values, environment, at, why] of slips) {
    it(`is refused as ${JSON.stringify({ ...values, ...environment })}: nothing is to be off by a slip`, () =>
      assert.throws(
        () => settingOf("expect", config(values), environment),
        (error) => error instanceof InputError && error.property === at && why.test(error.message),
      ));
  }
});
