/** Why guards are set aside: what all engines say of it. */
export const overrideDescription =
  "Why guards are not to hold anything back: a reason, which is recorded. Default: they do.";

/** What a provider is told beside its connections: in stack configuration, and in the arguments of a provider. */
export const told = {
  events: {
    type: "string",
    secret: true,
    description:
      "Who is told of what operations come to: the absolute path of a file, or an `https://` URL, that gets one line of JSON for each event (docs/traces-and-events.md). Default: nobody.",
  },
  traceparent: {
    type: "boolean",
    description:
      "Whether requests carry `traceparent`, so that the traces of the systems go on from the provider's. Default: false.",
  },
  expect: {
    type: "string",
    description:
      "What a person has approved: the fingerprint that `npx pulumi-clusterops plan-report` prints. What has changed since is refused (docs/approval.md). `report` asks plans to say what they look at. CLUSTEROPS_EXPECT beats it, and is recorded nowhere.",
  },
} as const;
