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
        : ordered([...program, present(edit.declaration, program)]);
    case "rename":
      return program.map((it) => {
        if (it.name !== edit.name) return referring(it, edit.name, edit.to);
        const aliases = edit.withAlias ? [...(it.aliases ?? []), it.name] : it.aliases;
        return { ...it, name: edit.to, ...(aliases && { aliases }) };
      });
  }
}

/** Each after all that it depends on, as a program has to have them. */
function ordered(program: readonly Declaration[]): readonly Declaration[] {
  const left = [...program];
  const names = new Set(program.map(({ name }) => name));
  const done: Declaration[] = [];
  while (left.length > 0) {
    const next = left.findIndex(({ dependsOn = [] }) => dependsOn.every((it) => !names.has(it)));
    const [declaration] = left.splice(Math.max(next, 0), 1) as [Declaration];
    names.delete(declaration.name);
    done.push(declaration);
  }
  return done;
}

/** It goes on naming what is gone as what it comes after: it may come back. */
function without(declaration: Declaration, name: string): Declaration {
  const triggersFrom = declaration.triggersFrom?.filter((it) => !it.startsWith(`${name}.`));
  return { ...declaration, triggersFrom };
}

/** A program that refers to what it does not declare does not compile. */
function present(declaration: Declaration, program: readonly Declaration[]): Declaration {
  const { triggersFrom = [] } = declaration;
  const gone = triggersFrom.map((it) => it.split(".")[0] as string);
  return gone
    .filter((name) => program.every((it) => it.name !== name))
    .reduce((rest, name) => without(rest, name), declaration);
}

function referring(declaration: Declaration, from: string, to: string): Declaration {
  const { dependsOn, triggersFrom } = declaration;
  return {
    ...declaration,
    dependsOn: dependsOn?.map((it) => (it === from ? to : it)),
    triggersFrom: triggersFrom?.map((it) => (it.startsWith(`${from}.`) ? to + it.slice(from.length) : it)),
  };
}

/** What is registered ahead of a run. */
export function companionOf({ name, type, inputs, dependsOn, aliases }: Declaration): Declaration {
  return {
    name: `${name}-intent`,
    type: `${type}Intent`,
    inputs,
    dependsOn,
    aliases: aliases?.map((alias) => `${alias}-intent`),
  };
}
