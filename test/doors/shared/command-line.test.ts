import assert from "node:assert/strict";
import { commandLine, parse, showsPreview } from "../../../doors/shared/command-line.ts";

describe("of the command line of the CLI", () => {
  const previews: [line: string, shown: boolean, env?: NodeJS.ProcessEnv][] = [
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
    ["-v 3 up --yes", true],
    ["--logflow -v9 up", true],
    ["-v=3 up", true],
    ["--memprofilerate 0 up", true],
    ["up -v -f", true],
    ["up -x -f", true],
    ["up -s -f", true],
    ["preview -s up", false],
    ["--stack up preview", false],
    ["up", false, { PULUMI_OPTION_SKIP_PREVIEW: "true" }],
    ["up --skip-preview=false", true, { PULUMI_OPTION_SKIP_PREVIEW: "true" }],
    ["refresh --yes", false],
    ["destroy", false],
    ["preview", false],
  ];
  for (const [line, shown, env = {}] of previews) {
    it(`pulumi ${line} ${JSON.stringify(env)}: that the user has ${shown ? "" : "not "}seen a preview`, () => {
      assert.equal(showsPreview(parse(line.split(" "), env)), shown);
    });
  }

  const flags: [line: string, flag: string, isOn: boolean, env?: NodeJS.ProcessEnv][] = [
    ["preview --diff", "diff", true],
    ["preview --diff=false", "diff", false],
    ["preview", "diff", false],
    ["preview", "diff", true, { PULUMI_OPTION_DIFF: "1" }],
    ["preview -m --diff", "diff", false],
    ["preview --message --diff", "diff", false],
    ["preview -j", "json", true],
    ["up --non-interactive -s dev", "non-interactive", true],
  ];
  for (const [line, flag, isOn, env = {}] of flags) {
    it(`pulumi ${line} ${JSON.stringify(env)}: that --${flag} is ${isOn ? "on" : "off"}`, () => {
      assert.equal(parse(line.split(" "), env).has(flag), isOn);
    });
  }

  it("what a flag was given, as often as it was", () => {
    const { values, command } = parse("up --exclude urn:a --exclude=urn:b --yes".split(" "), {});
    assert.deepEqual([command, values("exclude"), values("target")], ["up", ["urn:a", "urn:b"], []]);
  });

  it("what a short flag was given, in the same word or the next", () => {
    const { values } = parse("up -x urn:a -xurn:b -t urn:c".split(" "), {});
    assert.deepEqual([values("exclude"), values("target")], [["urn:a", "urn:b"], ["urn:c"]]);
  });

  for (const line of [
    "refresh --stack prod",
    "refresh --stack=prod",
    "refresh -s prod",
    "refresh -s=prod",
    "refresh -ysprod",
    "-s prod refresh -y",
  ]) {
    it(`pulumi ${line}: which stack is meant`, () => {
      const { values, command } = parse(line.split(" "), {});
      assert.deepEqual([command, values("stack")], ["refresh", ["prod"]]);
    });
  }

  it("nothing where no CLI is among the ancestors", () => {
    assert.equal(commandLine(), undefined);
    assert.equal(commandLine(2 ** 30), undefined);
  });
});
