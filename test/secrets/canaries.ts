/** Every place where a credential may be given, each with a unique value that is found wherever it leaks. */
export const canaries = {
  configPassword: "hush-config-4701",
  configHeader: "hush-header-4702",
  inlinePassword: "hush-inline-4703",
  inlineToken: "hush-token-4704",
  environmentPassword: "hush-environment-4705",
  clientSecret: "hush-client-4706",
  grantPassword: "hush-grant-4707",
  clientKey: "hushclientkey4708",
  proxyPassword: "hush-proxy-4709",
  urlPassword: "hush-url-4710",
  wrongType: "hush-type-4711",
  rotated: "hush-rotated-4712",
};

export const username = "auditor";

/** As they are, as they travel in a URL, in JSON inside JSON, and in a Basic header. */
export const forms: [name: string, form: string][] = Object.entries(canaries).flatMap(([name, secret]) =>
  [secret, ...[username, "ci"].map((user) => Buffer.from(`${user}:${secret}`).toString("base64"))].map(
    (form): [string, string] => [name, form],
  ),
);

/** An answer that repeats what was sent. */
export const echo = JSON.stringify({
  error: [canaries.configPassword, canaries.configHeader].join(" "),
  description: Buffer.from(`${username}:${canaries.configPassword}`).toString("base64"),
});

/** The places where a credential is found in clear, e.g. `inlineToken in stdout`. */
export function leaksIn(where: string, text: string): string[] {
  return [...new Set(forms.filter(([, form]) => text.includes(form)).map(([name]) => `${name} in ${where}`))];
}
