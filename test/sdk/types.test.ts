import assert from "node:assert/strict";
import { join } from "node:path";
import ts from "typescript";

describe("the types of a program", () => {
  it("take what may be written, and refuse what may not", function () {
    this.timeout(60_000);
    const root = join(import.meta.dirname, "..", "..");
    const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
    const { options } = ts.parseJsonConfigFileContent(
      { ...config, include: [], files: [join(import.meta.dirname, "usage.ts")] },
      ts.sys,
      root,
    );
    const program = ts.createProgram([join(import.meta.dirname, "usage.ts")], options);
    const found = ts.getPreEmitDiagnostics(program).map(({ messageText, start, file }) => {
      const line = file && start !== undefined ? file.getLineAndCharacterOfPosition(start).line + 1 : 0;
      return `${file?.fileName}:${line} ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
    });
    assert.deepEqual(found, []);
  });
});
