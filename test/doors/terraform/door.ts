import { isDeepStrictEqual } from "node:util";
import { pack, type RawObject, unpack } from "../../../doors/terraform/codec.ts";
import type { Diagnostic } from "../../../doors/terraform/diagnostics.ts";
import { type Attribute, isInput, resourceAt, schema } from "../../../doors/terraform/schema.ts";
import { propertiesOf, rawObject } from "../../../doors/terraform/values.ts";
import { unknown } from "../../../provider/index.ts";
import type { Door, Properties, Session } from "../../rules/door.ts";
import { Incomplete } from "../../support/flat.ts";
import { type Answer, type Planned, type State, TerraformServer } from "./server.ts";

/** What Terraform records of a resource, among the properties that the rules hand round. */
const recordKey = "__recorded";

/** A resource that Terraform is going to make anew. */
interface Recorded {
  state: string;
  data: string;
  isTainted: boolean;
}

/** The provider of Terraform, called over gRPC in the order in which Terraform calls it: each operation after a plan of its own. */
export const terraformDoor: Door = {
  canCancel: true,
  canWrite: (type, inputs) => isWritable(attributesOf(type).attributes.filter(isInput), inputs),
  async open(type, connections, { process: session, settings } = {}) {
    const { typeName, attributes } = attributesOf(type);
    const said: Session["said"] = { warnings: [], plans: [], progress: [] };
    let server = await TerraformServer.start(connections, { session, said, settings });
    let current: State | undefined;
    let last: { configs: RawObject[]; prior: State; planned: Planned } | undefined;

    const configOf = (inputs: Properties) => rawObject(attributes.filter(isInput), inputs);
    const heard = <T extends Answer>(answer: T): T => {
      for (const { severity, summary } of answer.diagnostics) if (severity === 2) said.warnings.push(summary);
      return answer;
    };
    const planFor = async (prior: State, inputs: Properties): Promise<Planned> => {
      const config = configOf(inputs);
      const isKnown = last?.configs.some((one) => isDeepStrictEqual(one, config));
      if (last && isKnown && isDeepStrictEqual(last.prior, prior)) return last.planned;
      const planned = heard(await server.plan(typeName, prior, config));
      // The rules hand on what a check has completed.
      const completed = configOf(propertiesOf(attributes.filter(isInput), planned.state ?? {}));
      last = { configs: [config, completed], prior, planned };
      return planned;
    };
    const recordedIn = ({
      [recordKey]: record,
      ...properties
    }: Properties): State & { isTainted: boolean } => {
      if (!record)
        return { state: rawObject(attributes, { ready: true, id: "id", ...properties }), isTainted: false };
      const { state, data, isTainted } = record as Recorded;
      return {
        state: unpack({ msgpack: Buffer.from(state, "base64") }),
        private: Buffer.from(data, "base64"),
        isTainted,
      };
    };
    const outputsOf = ({ state, private: data }: State, isTainted = false): Properties => ({
      ...propertiesOf(attributes, state ?? {}),
      __private: Buffer.from(data ?? []).toString(),
      [recordKey]: {
        state: Buffer.from(pack(state).msgpack ?? []).toString("base64"),
        data: Buffer.from(data ?? []).toString("base64"),
        isTainted,
      } satisfies Recorded,
    });
    const carryOut = async (prior: State, inputs: Properties) => {
      const planned = await planFor(prior, inputs);
      throwIn(planned);
      last = undefined;
      const made = heard(await server.apply(typeName, prior, planned));
      const { state, diagnostics } = made;
      const [failure] = errorsIn(diagnostics);
      if (!state || isDeepStrictEqual(state, prior.state)) throwIn(made);
      current = made;
      // Terraform taints what was to be made and ended in an error.
      const outputs = outputsOf(made, failure !== undefined && prior.state === null);
      const unfinished = failure ?? diagnostics.find(({ summary }) => /^not (finished|done): /.test(summary));
      const id = String(state?.id);
      // The next apply is another process.
      if (unfinished) {
        await server[Symbol.asyncDispose]();
        server = await TerraformServer.start(connections, { session, said, settings });
      }
      if (unfinished)
        throw new Incomplete(id, outputs, [unfinished.summary.replace(/^not (finished|done): /, "")]);
      return { id, outputs };
    };

    return {
      said,
      async check(recorded, inputs) {
        const invalid = errorsIn(await server.validate(typeName, configOf(inputs)));
        if (invalid.length > 0) return { inputs, failures: invalid.map((one) => failureIn(one, attributes)) };
        const prior = recorded ? (current ?? recordedIn(recorded)) : { state: null };
        if (!recorded) last = undefined;
        const planned = await planFor(prior, inputs);
        const failures = errorsIn(planned.diagnostics).map((one) => failureIn(one, attributes));
        return {
          inputs:
            failures.length > 0 ? inputs : propertiesOf(attributes.filter(isInput), planned.state ?? {}),
          failures,
        };
      },
      async diff(_id, recorded, inputs) {
        const prior = recordedIn(recorded);
        if (prior.isTainted) return { changes: true, replaces: ["id"] };
        const { state, replaces, ...planned } = await planFor(
          { state: prior.state, private: prior.private },
          inputs,
        );
        throwIn({ ...planned, state });
        return { changes: !isDeepStrictEqual(state, prior.state), replaces: replaces.map(() => "id") };
      },
      create: (inputs) => carryOut({ state: null }, inputs),
      update: async (_id, recorded, inputs) => {
        const { state, private: data } = recordedIn(recorded);
        return carryOut({ state, private: data }, inputs);
      },
      async read(_id, recorded) {
        const { state, private: data, isTainted } = recordedIn(recorded);
        const found = heard(await server.read(typeName, { state, private: data }));
        throwIn(found);
        if (!found.state) return undefined;
        current = found;
        const inputs = propertiesOf(attributes.filter(isInput), found.state);
        return { inputs, outputs: outputsOf(found, isTainted) };
      },
      async delete(_id, recorded) {
        const { state, private: data } = recordedIn(recorded);
        throwIn(heard(await server.apply(typeName, { state }, { state: null, private: data })));
        current = undefined;
        last = undefined;
      },
      cancel: () => void server.stop(),
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    };
  },
};

function attributesOf(type: string) {
  const [typeName, block] = Object.entries(schema.resources).find(([, one]) => one.type === type) ?? [];
  if (!typeName || !block) throw new Error(`no resource for ${type}`);
  return { typeName, attributes: resourceAt(typeName).attributes };
}

/** Whether Terraform itself lets it through: what it refuses by the schema alone never comes to the provider. */
function isWritable(attributes: readonly Attribute[], inputs: Properties): boolean {
  const byName = new Map(attributes.map((attribute) => [attribute.property, attribute]));
  const isMissing = ({ required, property }: Attribute) =>
    required && property in inputs && inputs[property] === undefined;
  if (attributes.some(isMissing)) return false;
  return Object.entries(inputs).every(([property, value]) => {
    const attribute = byName.get(property);
    return (
      attribute !== undefined &&
      (value === undefined ||
        (attribute.isNumeric && typeof value === "number") ||
        isOf(attribute.type, value))
    );
  });
}

function isOf(type: Attribute["type"], value: unknown): boolean {
  if (value === unknown || type === "dynamic") return true;
  if (type === "string") return typeof value === "string";
  if (type === "number") return typeof value === "number" || (typeof value === "string" && Number(value) > 0);
  if (type === "bool") return typeof value === "boolean";
  const [kind, of] = type as [string, Attribute["type"]];
  if (kind === "list") return Array.isArray(value) && value.every((item) => isOf(of, item));
  return (
    typeof value === "object" &&
    !Array.isArray(value) &&
    Object.values(value ?? {}).every((item) => isOf(of, item))
  );
}

function errorsIn(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return diagnostics.filter(({ severity }) => severity === 1);
}

function throwIn({ diagnostics }: Answer): void {
  const errors = errorsIn(diagnostics);
  if (errors.length > 0) throw new Error(errors.map(({ summary }) => summary).join("; "));
}

/** What is wrong, under the name that the interface has. */
function failureIn({ summary, attribute }: Diagnostic, attributes: readonly Attribute[]) {
  const [first, ...rest] = attribute?.steps ?? [];
  const known = attributes.find(({ name }) => name === first?.attributeName);
  const more = rest.map(({ elementKeyString: key, elementKeyInt: index }) =>
    key !== undefined ? `.${key}` : `[${index}]`,
  );
  const property = known ? `${known.property}${more.join("")}` : "";
  const reason = known ? summary.replace(`${known.name}${more.join("")}: `, "") : summary;
  return { property, reason };
}
