import { code, table } from "./markdown.ts";

/** One input, output, argument or part of a result. */
export interface Field {
  /** E.g. `nodeStates[].inSync`. */
  path: string;
  /** In Markdown. */
  type: string;
  isRequired: boolean;
  /** In Markdown; empty where there is none, or the text does not say. */
  default: string;
  /** In Markdown. */
  text: string;
}

/** The table of inputs, the required ones first, with *required* in place of a default. */
export function inputTable(fields: Field[], name: string, effectOf?: (field: Field) => string): string {
  const sorted = fields.toSorted((one, other) => Number(other.isRequired) - Number(one.isRequired));
  const rows = sorted.map((field) => [
    code(field.path),
    field.type,
    field.isRequired ? "*required*" : field.default,
    field.text,
    effectOf?.(field) ?? "",
  ]);
  return table([name, "Type", "Default", "Meaning", "When it changes"], rows);
}

/** The table of outputs. */
export function outputTable(fields: Field[], name: string): string {
  const rows = fields.map(({ path, type, isRequired, text }) => [
    code(path),
    isRequired ? type : `${type}, may be absent`,
    text,
  ]);
  return table([name, "Type", "Meaning"], rows);
}

/** The JSDoc sentence `Default: ...` goes into a column of its own. */
export function splitDefault(text: string): { text: string; default: string } {
  const [whole, value = ""] = /(?:^|\s)Default: (.+?)\.(?=\s+[A-Z]|$)/s.exec(text) ?? [];
  return { text: whole ? text.replace(whole, "").trim() : text, default: value };
}
