import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import nock from "nock";
import {
  acknowledgeBatches,
  claimBatch,
  releaseSeed,
  releaseSeeds,
  releaseWorkers,
} from "../../provider/aspire/client.ts";
import { sendIdObjects, sendOneId } from "../../provider/aspire/draft-client.ts";
import { aspire } from "../../provider/aspire/system.ts";
import { resolveConnection } from "../../provider/core/connection/resolve.ts";
import { type Http, openHttp } from "../../provider/core/http/http.ts";
import { pathFailure } from "../../provider/core/http/path.ts";
import { withNock } from "../support/nock.ts";
import { freely } from "../support/permit.ts";

const folder = join(import.meta.dirname, "..", "fixtures", "aspire");
const fixture = (name: string) => JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8"));
const origin = "http://manager.test";
const base = "/aspire/_api/manager";
const options = { signal: new AbortController().signal, patience: "once" } as const;
const [one, other] = ["AAABcID5GBc=", "AAABcIueWUc="];

describe("a document of Aspire's pages", () => {
  let http: Http;
  withNock();
  beforeEach(() => {
    http = openHttp(resolveConnection(aspire, { endpoint: origin }, () => undefined));
  });

  it("is named in their README, each of them", () => {
    const readme = readFileSync(join(folder, "README.md"), "utf8");
    const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
    assert.deepEqual(
      names.filter((name) => !readme.includes(`\`${name}\``)),
      [],
    );
  });

  it("is sent as it is written: the ids in a body", async () => {
    const bodies: [name: string, path: string, send: () => Promise<unknown>][] = [
      ["ids-one", "/release/worker", () => releaseWorkers(http, [one], freely, options)],
      ["ids-more", "/release/seed", () => releaseSeeds(http, [one, other], freely, options)],
      [
        "ids-more",
        "/batch/ack?type=scan",
        () => acknowledgeBatches(http, [one, other], "scan", freely, options),
      ],
      ["draft-id", "/release/seed", () => sendOneId(http, "release/seed", one, freely, options)],
      [
        "draft-id-objects",
        "/batch/ack",
        () => sendIdObjects(http, "batch/ack", [one, other], freely, options),
      ],
    ];
    for (const [name, path, send] of bodies) {
      nock(origin).put(`${base}${path}`, fixture(name)).reply(200, fixture("message"));
      assert.deepEqual(await send(), { message: "optional response message" }, name);
    }
  });

  it("is read as it is: a batch, with its numeric id", async () => {
    nock(origin).get(`${base}/batch?worker=w&type=process`).reply(200, fixture("batch"));
    const { batch, message } = await claimBatch(http, { worker: "w", type: "process" }, freely, options);
    assert.deepEqual({ batch, message }, fixture("batch"));
  });

  it("names seeds whose ids a path can carry, and a manager whose id it cannot", async () => {
    const [{ id, connector, connection, crawl }] = fixture("seeds").seed;
    assert.deepEqual([id, connector, connection].map(pathFailure), [undefined, undefined, undefined]);
    nock(origin).put(`${base}/release/seed/${id}`).reply(200, fixture("message"));
    await releaseSeed(http, id, freely, options);
    assert.match(pathFailure(crawl.manager) ?? "", /holds "\/"/);
  });

  // No call of the manager's API answers with these: whatever a 200 holds beside an error is no failure.
  for (const name of ["seeds", "seeds-count", "crawl-starting", "crawl-never", "token-payload"]) {
    it(`is no error where it stands for the answer: ${name}`, async () => {
      nock(origin).put(`${base}/release/seed/A`).reply(200, fixture(name));
      assert.deepEqual(await releaseSeed(http, "A", freely, options), {});
    });
  }
});
