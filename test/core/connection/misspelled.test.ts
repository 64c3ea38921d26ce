import assert from "node:assert/strict";
import { misspelled } from "../../../provider/core/connection/environment.ts";

describe("a variable of the environment", () => {
  for (const [name, variable, meant] of [
    ["redis", "CLUSTEROPS_REDIS_PASWORD", "CLUSTEROPS_REDIS_PASSWORD"],
    ["redis", "CLUSTEROPS_REDIS_USER_NAME", "CLUSTEROPS_REDIS_USERNAME"],
    ["redis", "CLUSTEROPS_REDIS_BASEPATH", "CLUSTEROPS_REDIS_BASE_PATH"],
    ["redis", "clusterops_redis_password", "CLUSTEROPS_REDIS_PASSWORD"],
    ["redis", "CLUSTEROPSREDIS_PASSWORD", "CLUSTEROPS_REDIS_PASSWORD"],
    ["tcf-east", "CLUSTEROPS_TCFEAST_TOKEN", "CLUSTEROPS_TCF_EAST_TOKEN"],
    ["redis", "CLUSTEROPS_REDIS_USER", "CLUSTEROPS_REDIS_USERNAME"],
    ["redis", "CLUSTEROPS_REDIS_PASS", "CLUSTEROPS_REDIS_PASSWORD"],
    ["redis", "CLUSTEROPS_REDIS_URL", "CLUSTEROPS_REDIS_ENDPOINTS"],
    ["redis", "CLUSTEROPS_REDIS_JWT", "CLUSTEROPS_REDIS_TOKEN"],
    ["tcf-east", "CLUSTEROPS_TCF_EAST_TIMEOUT", "CLUSTEROPS_TCF_EAST_REQUEST_TIMEOUT"],
    ["tcfEast", "CLUSTEROPS_TCF_EAST_ENDPONTS", "CLUSTEROPS_TCF_EAST_ENDPOINTS"],
  ] as const) {
    it(`that nobody reads is named, with what was meant: ${variable}`, () =>
      assert.deepEqual(misspelled(name, { [variable]: "planted" }), [
        `the environment variable ${variable} is not read: did you mean ${meant}?`,
      ]));
  }

  for (const part of ["OAUTH2_CLIENT_SECRET", "CLIENT_SECRET", "TOKEN_URL"]) {
    it(`that would be a part of another is named with it: ${part}`, () =>
      assert.deepEqual(misspelled("redis", { [`CLUSTEROPS_REDIS_${part}`]: "planted" }), [
        `the environment variable CLUSTEROPS_REDIS_${part} is not read: CLUSTEROPS_REDIS_OAUTH2 holds all of it, e.g. {"clientSecret": "..."}`,
      ]));
  }

  it("for a key is named with the two that may hold it", () => {
    const [said] = misspelled("redis", { CLUSTEROPS_REDIS_API_KEY: "planted" });
    assert.match(said ?? "", /CLUSTEROPS_REDIS_HEADERS, .* or in CLUSTEROPS_REDIS_TOKEN$/);
    assert.doesNotMatch(said ?? "", /planted/);
  });

  for (const variable of [
    "CLUSTEROPS_REDIS_PASSWORD",
    // Of another connection, redis-east or redis2, which may stand in the environment alone.
    "CLUSTEROPS_REDIS_EAST_PASSWORD",
    "CLUSTEROPS_REDIS2_PASSWORD",
    "CLUSTEROPS_REDIS_ACCESS_TOKEN",
    "CLUSTEROPS_REDIS_OAUTH2_PASSWORD",
    "CLUSTEROPS_REDIS_EAST_PASWORD",
    "CLUSTEROPS_RUN",
    "REDIS_PASSWORD",
  ]) {
    it(`that may be something else is not: ${variable}`, () =>
      assert.deepEqual(misspelled("redis", { [variable]: "x" }), []));
  }

  it("that is empty is not", () =>
    assert.deepEqual(misspelled("redis", { CLUSTEROPS_REDIS_PASWORD: "" }), []));
});
