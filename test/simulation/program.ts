import type { Declaration, Edit } from "./story.ts";

/** The program after somebody has edited it. What an edit speaks of may be gone: then it changes nothing. */
export function edited(program: readonly Declaration[], edits: readonly Edit[]): readonly Declaration[] {
  return edits.reduce(apply, program);
}

function apply(program: readonly Declaration[], edit: Edit): readonly Declaration[] {
  switch (edit.edit) {
    case "inputs":
      return program.map((it) =>
        it.name === edit.name ? { ...it, inputs: { ...it.inputs, ...edit.inputs } } : it,
      );
    case "remove":
      return program.filter(({ name }) => name !== edit.name).map((it) => without(it, edit.name));
    case "add":
      // Two that were the same one are refused by the engine.
      return program.some(({ name, aliases = [] }) => [name, ...aliases].includes(edit.declaration.name))
        ? program
        : [...program, known(edit.declaration, program)];
    case "rename":
      return program.map((it) => {
        if (it.name !== edit.name) return referring(it, edit.name, edit.to);
        const aliases = edit.withAlias ? [...(it.aliases ?? []), it.name] : it.aliases;
        return { ...it, name: edit.to, ...(aliases && { aliases }) };
      });
  }
}

function without(declaration: Declaration, name: string): Declaration {
  const { dependsOn, triggersFrom } = declaration;
  return {
    ...declaration,
    dependsOn: dependsOn?.filter((it) => it !== name),
    triggersFrom: triggersFrom?.filter((it) => !it.startsWith(`${name}.`)),
  };
}

function known(declaration: Declaration, program: readonly Declaration[]): Declaration {
  const names = program.map(({ name }) => name);
  return {
    ...declaration,
    dependsOn: declaration.dependsOn?.filter((it) => names.includes(it)),
    triggersFrom: declaration.triggersFrom?.filter((it) => names.includes(it.slice(0, it.indexOf(".")))),
  };
}

function referring(declaration: Declaration, from: string, to: string): Declaration {
  const { dependsOn, triggersFrom } = declaration;
  return {
    ...declaration,
    dependsOn: dependsOn?.map((it) => (it === from ? to : it)),
    triggersFrom: triggersFrom?.map((it) => (it.startsWith(`${from}.`) ? to + it.slice(from.length) : it)),
  };
}
