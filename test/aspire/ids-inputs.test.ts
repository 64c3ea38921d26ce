import assert from "node:assert/strict";
import { harnessFor, ids, kinds } from "./ids-harness.ts";

for (const kind of kinds) {
  describe(`the inputs of an aspire ${kind.type}`, () => {
    const { property, path, rest } = kind;
    const harness = harnessFor(kind);
    const { inputs, check, create, costs } = harness;

    for (const [what, given, at, reason] of [
      ["an empty list", inputs([]), property, /fewer than 1 items/],
      ["no list", { ...rest }, property, /is required/],
      ["one id without a list", { ...inputs(), [property]: "A=" }, property, /"A=" is not an array/],
      [
        "the same id twice",
        inputs(["A", "B", "A"]),
        `${property}[2]`,
        /"A" is given twice: it is \w+\[0\] too/,
      ],
      ["an empty id", inputs(["A", ""]), `${property}[1]`, /is empty/],
      ["a blank id", inputs(["  "]), `${property}[0]`, /is empty/],
      ["half a character", inputs(["\ud800"]), `${property}[0]`, /not valid Unicode/],
      ["an object for an id", inputs([{}]), `${property}[0]`, /is not a/],
      [
        "a form that only the draft page has",
        inputs(ids, { form: "get" }),
        "form",
        /draft page only: write "path"/,
      ],
      ["an unknown form", inputs(ids, { form: "body" }), "form", /"body" is not one of "path", "ids"/],
      [
        "a misspelt input",
        { ...inputs(), [`${property.slice(0, -1)}`]: [] },
        property.slice(0, -1),
        /did you mean/,
      ],
    ] as const) {
      it(`refuses ${what} at check and sends nothing`, async () => {
        const { failures } = await check(given);
        assert.equal(failures[0]?.property, at);
        assert.match(failures[0]?.reason ?? "", reason);
        costs(0);
      });
    }

    for (const hostile of ["?type=process#", "é💥", "a b", "manager_10.0.0.1:50505", "...", "a..b"]) {
      it(`requests no other path for the id ${JSON.stringify(hostile)}`, async () => {
        await assert.rejects(create(inputs([hostile])), /404/);
        assert.equal(
          harness.aspire.requests[0]?.path,
          `/aspire/_api/manager/${path}/${encodeURIComponent(hostile)}`,
        );
        costs(1, 0);
      });
    }

    for (const unfit of [
      "manager_192.168.0.16:40505//AAABeOQLewo=",
      "../../users",
      "a\\b",
      "a;b=c",
      "%2f..%2f",
      "a%",
      "a\nb\u0000c",
      "\u007f",
      ".",
      "..",
      "/",
    ]) {
      it(`sends the id ${JSON.stringify(unfit)} in the body, as servers refuse it in a path`, async () => {
        await assert.rejects(create(inputs([unfit])), /404 not found/);
        const [request] = harness.aspire.requests;
        assert.equal(request?.path, `/aspire/_api/manager/${path}`);
        assert.deepEqual(request?.body, { id: [unfit] });
        costs(1, 0);
      });
    }
  });
}
