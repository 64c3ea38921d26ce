import manifest from "../../package.json" with { type: "json" };

/** Where a file of the checkout can be read. Pages of docs/ are in the package; what they link to outside of docs/ is not. */
export function source(path: string): string {
  return `${manifest.homepage.replace(/#.*/, "")}/blob/main/${path}`;
}

/** A table; a column that is empty in every row is left out. */
export function table(headers: string[], rows: string[][]): string {
  const used = headers.map((_, column) => rows.some((row) => row[column] !== ""));
  const line = (cells: string[]) =>
    `| ${cells
      .filter((_, column) => used[column])
      .map(cell)
      .join(" | ")} |`;
  return [line(headers), line(headers.map(() => "---")), ...rows.map(line)].join("\n");
}

function cell(text: string): string {
  return text.replace(/\s+/g, " ").replace(/\|/g, "\\|").trim();
}

export function code(text: string): string {
  return `\`${text}\``;
}

/** Blocks with an empty line between; absent ones are left out. */
export function blocks(...texts: (string | undefined | false)[]): string {
  return texts.filter(Boolean).join("\n\n");
}

/** As GitHub makes a link's target of a heading. */
export function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w -]/g, "")
    .replace(/ /g, "-");
}
