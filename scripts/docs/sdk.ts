import { join } from "node:path";
import ts from "typescript";
import { type Field, splitDefault } from "./fields.ts";
import { code } from "./markdown.ts";

const root = join(import.meta.dirname, "..", "..");

/** What the schemas do not hold, read from the types of the sdk: functions' results, components, and the JSDoc of classes. */
export interface Sdk {
  /** The JSDoc of a class or function. */
  docOf(system: string, name: string): string;
  /** What a function returns. */
  resultOf(system: string, name: string): Field[];
  /** The inputs of a component. */
  argumentsOf(system: string, component: string): { doc: string; fields: Field[] };
  /** The outputs of a component. */
  outputsOf(system: string, component: string): Field[];
  /** Names of the components of a system. */
  componentsOf(system: string): string[];
}

export function readSdk(): Sdk {
  const file = join(root, "tsconfig.json");
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(file, ts.sys.readFile).config,
    ts.sys,
    root,
  );
  const program = ts.createProgram([join(root, "sdk", "index.ts")], options);
  const checker = program.getTypeChecker();

  function exportsOf(system: string): ts.Symbol[] {
    const source = program.getSourceFile(join(root, "sdk", `${system}.ts`));
    const module = source && checker.getSymbolAtLocation(source);
    if (!module) throw new Error(`sdk/${system}.ts exports nothing`);
    return checker.getExportsOfModule(module);
  }

  function find(system: string, name: string): ts.Symbol {
    const found = exportsOf(system).find((symbol) => symbol.name === name);
    if (!found) throw new Error(`sdk/${system}.ts does not export ${name}`);
    return found;
  }

  function declarationOf(symbol: ts.Symbol): ts.Declaration {
    const [declaration] = symbol.declarations ?? [];
    if (!declaration) throw new Error(`${symbol.name} is not declared`);
    return declaration;
  }

  function docOf(system: string, name: string): string {
    const statement = ts.findAncestor(declarationOf(find(system, name)), ts.isStatement);
    const [doc] = ts.getJSDocCommentsAndTags(statement as ts.Statement);
    return plain(ts.getTextOfJSDocComment(doc?.comment));
  }

  function commentOf(symbol: ts.Symbol): string {
    return plain(ts.displayPartsToString(symbol.getDocumentationComment(checker)));
  }

  /** Each property once: a type that repeats is not spelled out again. */
  function fieldsIn(type: ts.Type, prefix: string, seen: ReadonlySet<ts.Type>): Field[] {
    return checker.getPropertiesOfType(type).flatMap((property) => {
      const whole = checker.getTypeOfSymbol(property);
      const value = checker.getNonNullableType(whole);
      const element = checker.isArrayType(value)
        ? checker.getTypeArguments(value as ts.TypeReference)[0]
        : undefined;
      const inner = element ?? value;
      const isObject = (inner.flags & ts.TypeFlags.Object) !== 0;
      const path = `${prefix}${property.name}${element && isObject ? "[]" : ""}`;
      const field: Field = {
        path,
        type: code(isObject ? (element ? "object[]" : "object") : checker.typeToString(value)),
        isRequired: (property.flags & ts.SymbolFlags.Optional) === 0,
        default: "",
        text: commentOf(property),
      };
      if (!isObject || seen.has(inner)) return [field];
      return [field, ...fieldsIn(inner, `${path}.`, new Set([...seen, inner]))];
    });
  }

  function resultOf(system: string, name: string): Field[] {
    const [signature] = checker.getTypeOfSymbol(find(system, name)).getCallSignatures();
    const result = signature && checker.getAwaitedType(signature.getReturnType());
    if (!result) throw new Error(`${system}.${name} is no function that answers with a promise`);
    return fieldsIn(result, "", new Set([result]));
  }

  function classOf(system: string, name: string): ts.ClassDeclaration {
    return declarationOf(find(system, name)) as ts.ClassDeclaration;
  }

  return {
    docOf,
    resultOf,
    componentsOf: (system) =>
      exportsOf(system)
        .filter((symbol) => /extends pulumi\.ComponentResource\b/.test(declarationOf(symbol).getText()))
        .map(({ name }) => name),
    argumentsOf(system, component) {
      const declaration = declarationOf(find(system, `${component}Args`)) as ts.InterfaceDeclaration;
      return {
        doc: docOf(system, `${component}Args`),
        fields: declaration.members.filter(ts.isPropertySignature).map(memberField),
      };
    },
    outputsOf: (system, component) =>
      classOf(system, component)
        .members.filter(ts.isPropertyDeclaration)
        .filter(isOfInstance)
        .map(memberField),
  };

  function memberField(member: ts.PropertySignature | ts.PropertyDeclaration): Field {
    const symbol = checker.getSymbolAtLocation(member.name) as ts.Symbol;
    return {
      path: symbol.name,
      // In the sdk the types of Pulumi stand apart from its values (sdk/pulumi.ts); in a program they have one name.
      type: code(withoutWrappers(member.type?.getText().replace(/\bPulumi\./g, "pulumi.") ?? "any")),
      isRequired: !member.questionToken,
      ...splitDefault(commentOf(symbol)),
    };
  }
}

/** `pulumi.Input<string>` and `DeepInput<string>` read as a string: every input takes Outputs. */
function withoutWrappers(type: string): string {
  return type.replace(
    /\b(?:pulumi\.(?:Input|Output)|DeepInput)<([^<>]+)>(\[\])?/g,
    (_, inner: string, list = "") => (list && inner.includes("|") ? `(${inner})${list}` : `${inner}${list}`),
  );
}

function plain(text: string | undefined): string {
  return (text ?? "").replace(/\s+/g, " ").trim();
}

function isOfInstance({ modifiers }: ts.PropertyDeclaration): boolean {
  return !modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword);
}
