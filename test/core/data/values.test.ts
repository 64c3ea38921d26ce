import assert from "node:assert/strict";
import {
  asArray,
  asBoolean,
  asNumber,
  asObject,
  asString,
  isObject,
  withoutUndefined,
} from "../../../provider/core/data/values.ts";

/** Each reader, with what it makes of each value. */
const readers = {
  asNumber: [
    [40, 40],
    ["40", 40],
    ["40.0", 40],
    [" -1.5 ", -1.5],
    ["", undefined],
    ["40 %", undefined],
    ["1e3", undefined],
    ["0x10", undefined],
    [Number.NaN, undefined],
    [Number.POSITIVE_INFINITY, undefined],
    ["9".repeat(400), undefined],
    [true, undefined],
    [null, undefined],
    [[1], undefined],
  ],
  asString: [
    ["a", "a"],
    [7, "7"],
    ["", undefined],
    [Number.NaN, undefined],
    [null, undefined],
    [{}, undefined],
    [["a"], undefined],
    [true, undefined],
  ],
  asBoolean: [
    [true, true],
    [false, false],
    ["true", true],
    ["false", false],
    ["yes", undefined],
    [1, undefined],
    [null, undefined],
  ],
  asArray: [
    [[1], [1]],
    [{ 0: 1, length: 1 }, []],
    ["ab", []],
    [null, []],
  ],
  asObject: [
    [{ a: 1 }, { a: 1 }],
    [[1], {}],
    [null, {}],
    ["a", {}],
  ],
  isObject: [
    [{}, true],
    [[], false],
    [null, false],
    [() => 1, false],
  ],
} as const;

const functions = { asNumber, asString, asBoolean, asArray, asObject, isObject };

for (const [name, table] of Object.entries(readers)) {
  describe(name, () => {
    for (const [value, expected] of table) {
      it(`makes ${JSON.stringify(expected)} of ${typeof value} ${String(JSON.stringify(value)).slice(0, 20)}`, () =>
        assert.deepEqual(functions[name as keyof typeof functions](value), expected));
    }
  });
}

describe("withoutUndefined", () => {
  it("leaves out what is undefined, and keeps every other nothing", () => {
    assert.deepEqual(Object.entries(withoutUndefined({ a: undefined, b: null, c: 0, d: "", e: false })), [
      ["b", null],
      ["c", 0],
      ["d", ""],
      ["e", false],
    ]);
  });
});
