/** How Pulumi's engine writes a value that is not known yet: one whose type it does not know either (sdk/go/common/resource/plugin/rpc.go). */
export const engineUnknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
