import { pages } from "./calls/index.ts";
import type { VendorCall, VendorPage } from "./calls/page.ts";
import { callOf } from "./calls.ts";
import { anchor, blocks, code, source, table } from "./markdown.ts";
import { systems } from "./notes/index.ts";

/** The table of every call on the vendors' pages with its function, its test, and the resources that use it. */
export function coveragePage(): string {
  return blocks(
    "# Coverage",
    `Every call on the vendors' pages, the one function of the client that makes it, the resources and functions through which a program reaches it, and the tests of the
client that prove it. A test checks that each of them exists, and that the list is complete.`,
    ...systems.map(({ system: { name, title } }) =>
      blocks(`## ${title}`, ...pages.filter(({ system }) => system === name).map(pageSection)),
    ),
  );
}

function pageSection({ title, url, calls, leftOut, isFurther, system }: VendorPage): string {
  return blocks(
    `### ${title}`,
    url && `<${url}>`,
    isFurther && "Not one of the pages to be covered: these calls show what the others act on.",
    table(
      ["Call", "Client function", "Resource or function", "Test"],
      calls.map((call) => [callOf(call), clientOf(call, system), reachOf(call, system), testOf(call)]),
    ),
    leftOut && `Left out: "${leftOut.what}": ${leftOut.why}.`,
  );
}

function clientOf({ client: [file, name] }: VendorCall, system: string): string {
  return `${code(name)} ([${file}](${source(`provider/${system}/${file}`)}))`;
}

function reachOf({ by }: VendorCall, system: string): string {
  const offered = Object.keys(by).filter((name) => !name.endsWith("Intent"));
  return offered.map((name) => `[${code(name)}](${system}.md#${anchor(name)})`).join(", ");
}

function testOf({ test: [file, title] }: VendorCall): string {
  return `[${file}](${source(`test/${file}`)}): ${title}`;
}
