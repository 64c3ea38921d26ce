import assert from "node:assert/strict";
import { Agent, request } from "undici";
import { startTcf } from "../../simulators/index.ts";
import { createAuthority } from "../support/certificates.ts";

describe("a simulator with a certificate", () => {
  it("serves https to whoever trusts its authority, and to nobody else", async () => {
    const authority = await createAuthority();
    const tcf = await startTcf({ tls: await authority.issue() });
    const url = `${tcf.endpoints[0]}/tcf/status`;
    const dispatcher = new Agent({ connect: { ca: authority.ca } });
    try {
      assert.match(url, /^https:/);
      assert.equal((await request(url, { dispatcher })).statusCode, 200);
      await assert.rejects(fetch(url));
    } finally {
      await dispatcher.destroy();
      await tcf.close();
    }
  });

  it("asks for a client certificate when told so", async () => {
    const authority = await createAuthority();
    const server = { ...(await authority.issue()), ca: authority.ca, requestCert: true };
    const tcf = await startTcf({ tls: server });
    const url = `${tcf.endpoints[0]}/tcf/status`;
    const known = new Agent({ connect: { ca: authority.ca, ...(await authority.issue({ names: ["ci"] })) } });
    const unknown = new Agent({ connect: { ca: authority.ca } });
    try {
      assert.equal((await request(url, { dispatcher: known })).statusCode, 200);
      await assert.rejects(request(url, { dispatcher: unknown }));
    } finally {
      await Promise.all([known.destroy(), unknown.destroy(), tcf.close()]);
    }
  });
});
