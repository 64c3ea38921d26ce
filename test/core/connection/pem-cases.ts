import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAuthority, createRequest } from "../../support/certificates.ts";
import { endpoint, inline, refusalOf } from "./connection-cases.ts";

/** PEM texts to make settings of. */
export type Texts = Record<"ca" | "foreign" | "cert" | "key" | "strangersKey" | "request", string>;

/** What is wrong, in which field, and what is said of it. */
export type Refused = [what: string, field: string, settings: (of: Texts) => object, said: RegExp];

export const base64 = (text: string) => Buffer.from(text).toString("base64");

/** Texts, and a folder for files, for the tests of the surrounding `describe`. */
export function withPem() {
  const texts = {} as Texts;
  const folder = mkdtempSync(join(tmpdir(), "pem-"));
  before(async () => {
    const [authority, other] = await Promise.all([createAuthority(), createAuthority("Another")]);
    const [client, stranger, request] = await Promise.all([
      authority.issue(),
      authority.issue(),
      createRequest(),
    ]);
    const { cert, key } = client;
    Object.assign(texts, {
      ca: authority.ca,
      foreign: other.ca,
      cert,
      key,
      strangersKey: stranger.key,
      request,
    });
  });
  after(() => rmSync(folder, { recursive: true }));
  return {
    texts,
    folder,
    file(name: string, content: string | Buffer): string {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    },
  };
}

/** The beginning of a key's first line: a message that repeats any of it is found out. */
const bodyOf = (pem: string) => (pem.split("\n")[1] ?? "").slice(0, 20);

/** One test for each row. */
export function refuses(rows: Refused[], texts: Texts): void {
  for (const [what, field, settings, said] of rows) {
    it(`are refused under their property: ${what}`, () => {
      const failure = refusalOf(() => inline({ endpoint, ...settings(texts) }));
      assert.equal(failure.property, `connection.${field}`);
      assert.match(failure.message, said);
      assert.doesNotMatch(failure.message, /planted|asn1|PEM_read|error:/i);
      const all = `${failure.message} ${failure.stack} ${String(failure.cause)}`;
      for (const text of Object.values(texts)) assert.ok(!all.includes(bodyOf(text)), all);
    });
  }
}
