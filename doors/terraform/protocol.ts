import type { MethodDefinition, ServiceDefinition } from "@grpc/grpc-js";
import protobuf from "protobufjs/light.js";

/*
 * Version 6 of Terraform's plugin protocol: what of its messages this provider reads and writes, each field with its type and number
 * (docs/plugin-protocol/tfplugin6.proto of Terraform has all of them). Names do not travel, so they are ours.
 */

const messages: Record<string, readonly string[]> = {
  Empty: [],
  DynamicValue: ["bytes msgpack = 1", "bytes json = 2"],
  RawState: ["bytes json = 1"],
  Diagnostic: [
    "int32 severity = 1",
    "string summary = 2",
    "string detail = 3",
    "AttributePath attribute = 4",
  ],
  AttributePath: ["repeated Step steps = 1"],
  Step: ["string attributeName = 1", "string elementKeyString = 2", "int64 elementKeyInt = 3"],
  Schema: ["int64 version = 1", "Block block = 2"],
  Block: [
    "int64 version = 1",
    "repeated Attribute attributes = 2",
    "string description = 4",
    "int32 descriptionKind = 5",
  ],
  Attribute: [
    "string name = 1",
    "bytes type = 2",
    "string description = 3",
    "bool required = 4",
    "bool optional = 5",
    "bool computed = 6",
    "bool sensitive = 7",
    "int32 descriptionKind = 8",
    "NestedObject nestedType = 10",
  ],
  NestedObject: ["repeated Attribute attributes = 1", "int32 nesting = 3"],
  Capabilities: ["bool planDestroy = 1", "bool getProviderSchemaOptional = 2", "bool moveResourceState = 3"],
  Name: ["string typeName = 1"],

  GetMetadataResponse: [
    "Capabilities serverCapabilities = 1",
    "repeated Name dataSources = 3",
    "repeated Name resources = 4",
  ],
  GetProviderSchemaResponse: [
    "Schema provider = 1",
    "map Schema resourceSchemas = 2",
    "map Schema dataSourceSchemas = 3",
    "Capabilities serverCapabilities = 6",
  ],
  ValidateProviderConfigRequest: ["DynamicValue config = 1"],
  ValidateProviderConfigResponse: ["repeated Diagnostic diagnostics = 2"],
  ValidateResourceConfigRequest: ["string typeName = 1", "DynamicValue config = 2"],
  ValidateResourceConfigResponse: ["repeated Diagnostic diagnostics = 1"],
  ValidateDataResourceConfigRequest: ["string typeName = 1", "DynamicValue config = 2"],
  ValidateDataResourceConfigResponse: ["repeated Diagnostic diagnostics = 1"],
  UpgradeResourceStateRequest: ["string typeName = 1", "int64 version = 2", "RawState rawState = 3"],
  UpgradeResourceStateResponse: ["DynamicValue upgradedState = 1", "repeated Diagnostic diagnostics = 2"],
  ConfigureProviderRequest: ["string terraformVersion = 1", "DynamicValue config = 2"],
  ConfigureProviderResponse: ["repeated Diagnostic diagnostics = 1"],
  ReadResourceRequest: ["string typeName = 1", "DynamicValue currentState = 2", "bytes private = 3"],
  ReadResourceResponse: [
    "DynamicValue newState = 1",
    "repeated Diagnostic diagnostics = 2",
    "bytes private = 3",
  ],
  PlanResourceChangeRequest: [
    "string typeName = 1",
    "DynamicValue priorState = 2",
    "DynamicValue proposedNewState = 3",
    "DynamicValue config = 4",
    "bytes priorPrivate = 5",
  ],
  PlanResourceChangeResponse: [
    "DynamicValue plannedState = 1",
    "repeated AttributePath requiresReplace = 2",
    "bytes plannedPrivate = 3",
    "repeated Diagnostic diagnostics = 4",
  ],
  ApplyResourceChangeRequest: [
    "string typeName = 1",
    "DynamicValue priorState = 2",
    "DynamicValue plannedState = 3",
    "DynamicValue config = 4",
    "bytes plannedPrivate = 5",
  ],
  ApplyResourceChangeResponse: [
    "DynamicValue newState = 1",
    "bytes private = 2",
    "repeated Diagnostic diagnostics = 3",
  ],
  ImportResourceStateRequest: ["string typeName = 1", "string id = 2"],
  ImportedResource: ["string typeName = 1", "DynamicValue state = 2", "bytes private = 3"],
  ImportResourceStateResponse: [
    "repeated ImportedResource importedResources = 1",
    "repeated Diagnostic diagnostics = 2",
  ],
  ReadDataSourceRequest: ["string typeName = 1", "DynamicValue config = 2"],
  ReadDataSourceResponse: ["DynamicValue state = 1", "repeated Diagnostic diagnostics = 2"],
  StopProviderResponse: ["string error = 1"],
};

/** What it answers to. A request or an answer that has no message above is empty. */
const calls = [
  "GetMetadata",
  "GetProviderSchema",
  "ValidateProviderConfig",
  "ValidateResourceConfig",
  "ValidateDataResourceConfig",
  "UpgradeResourceState",
  "ConfigureProvider",
  "ReadResource",
  "PlanResourceChange",
  "ApplyResourceChange",
  "ImportResourceState",
  "ReadDataSource",
  "GetFunctions",
  "StopProvider",
] as const;

export type Call = (typeof calls)[number];

const root = protobuf.Root.fromJSON({
  nested: Object.fromEntries(
    Object.entries(messages).map(([name, fields]) => [
      name,
      { fields: Object.fromEntries(fields.map(field)) },
    ]),
  ),
});

/** E.g. `repeated Step steps = 1`; the keys of a map are strings. */
function field(line: string): [name: string, field: protobuf.IField] {
  const [, kind, type = "", name = "", id] = /^(?:(repeated|map) )?(\w+) (\w+) = (\d+)$/.exec(line) ?? [];
  return [
    name,
    {
      type,
      id: Number(id),
      ...(kind === "repeated" && { rule: "repeated" }),
      ...(kind === "map" && { keyType: "string" }),
    } as protobuf.IField,
  ];
}

/** The calls of the service, as gRPC wants them told. */
export const provider: ServiceDefinition = Object.fromEntries(
  calls.map((call) => {
    const [request, answer] = [`${call}Request`, `${call}Response`].map((name) =>
      root.lookupType(name in messages ? name : "Empty"),
    ) as [protobuf.Type, protobuf.Type];
    return [call, unary(`/tfplugin6.Provider/${call}`, request, answer)];
  }),
);

/** How Terraform asks the process to end (HashiCorp's go-plugin). */
export const controller: ServiceDefinition = {
  Shutdown: unary("/plugin.GRPCController/Shutdown", root.lookupType("Empty"), root.lookupType("Empty")),
};

function unary(
  path: string,
  request: protobuf.Type,
  answer: protobuf.Type,
): MethodDefinition<object, object> {
  const write = (type: protobuf.Type) => (value: object) =>
    Buffer.from(type.encode(type.fromObject(value)).finish());
  const read = (type: protobuf.Type) => (bytes: Buffer) =>
    type.toObject(type.decode(bytes), { longs: Number });
  return {
    path,
    requestStream: false,
    responseStream: false,
    requestSerialize: write(request),
    requestDeserialize: read(request),
    responseSerialize: write(answer),
    responseDeserialize: read(answer),
  };
}
