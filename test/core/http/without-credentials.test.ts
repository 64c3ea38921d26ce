import assert from "node:assert/strict";
import { words } from "../../../doors/shared/words.ts";
import { aspire } from "../../../provider/aspire/system.ts";
import { resolveConnection } from "../../../provider/core/connection/resolve.ts";
import type { Connection } from "../../../provider/core/connection/settings.ts";
import { worded } from "../../../provider/core/data/advice.ts";
import { openHttp } from "../../../provider/core/http/http.ts";
import { factfinder } from "../../../provider/factfinder/system.ts";
import { redis } from "../../../provider/redis/system.ts";
import { tcf } from "../../../provider/tcf/system.ts";
import { failureOf, get, open, plain } from "../client.ts";
import { serve } from "../server.ts";

const needs = "the role X";

describe("a server that wants to know who asks", () => {
  for (const system of [redis, tcf, factfinder, aspire])
    for (const status of [401, 403])
      it(`of ${system.title} gets no credentials, and ${status} comes with how to configure them`, async () => {
        await using server = await serve(() => ({ status }));
        const { name } = system;
        const configured = JSON.stringify({ [name]: { endpoint: server.url } });
        const http = openHttp(resolveConnection(system, undefined, () => configured));
        const { message } = await failureOf(get(http, "/v1", { needs }));
        assert.equal(
          worded(message, words),
          `GET ${server.url}${system.basePath ?? ""}/v1: ${status} (no credentials are configured, and none were sent; this call needs the role X: ` +
            `pulumi config set --path 'clusterops:connections.${name}.username' --type string ..., then ` +
            `pulumi config set --secret --path 'clusterops:connections.${name}.password', or another kind of credentials)`,
        );
      });

  it("and gets none from a connection in the program is told there", async () => {
    await using server = await serve(() => ({ status: 401 }));
    const { message } = await failureOf(get(open(server.url), "/", { needs }));
    assert.match(
      message,
      /401 \(no credentials are configured, .*: give the connection username and password, or another kind of credentials\)$/,
    );
  });

  const kinds: Connection[] = [
    { username: "ops", password: "planted-password" },
    { token: "planted-token" },
    { headers: { "X-FF-API-Key": "planted-key" } },
  ];
  for (const settings of kinds)
    it(`and refuses ${Object.keys(settings)[0]} has not accepted it`, async () => {
      await using server = await serve(() => ({ status: 401 }));
      const { message } = await failureOf(get(open(server.url, settings, plain), "/", { needs }));
      assert.match(message, /401 \(the credentials were not accepted; this call needs the role X\)$/);
    });
});
