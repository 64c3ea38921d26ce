import assert from "node:assert/strict";
import { seenPreview, showsPreview } from "../../../doors/dynamic/seen-preview.ts";

describe("whether the user has seen a preview", () => {
  const rows: [line: string, shown: boolean, env?: NodeJS.ProcessEnv][] = [
    ["up", true],
    ["up --yes", true],
    ["--cwd infra up -y -s prod", true],
    ["update", true],
    ["up --skip-preview --yes", false],
    ["up --skip-preview=true", false],
    ["up --skip-preview=false", true],
    ["up -f", false],
    ["up -yf", false],
    ["up -sfed --yes", true],
    ["up -fs prod", false],
    ["up -s -f", true],
    ["preview -s up", false],
    ["--stack up preview", false],
    ["up", false, { PULUMI_OPTION_SKIP_PREVIEW: "true" }],
    ["refresh --yes", false],
    ["destroy", false],
    ["preview", false],
  ];
  for (const [line, shown, env = {}] of rows) {
    it(`is ${shown} for pulumi ${line} ${JSON.stringify(env)}`, () => {
      assert.equal(showsPreview(line.split(" "), env), shown);
    });
  }

  it("cannot be told where no CLI is among the ancestors", () => {
    assert.equal(seenPreview(), undefined);
    assert.equal(seenPreview(2 ** 30), undefined);
  });
});
