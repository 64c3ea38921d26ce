/** Credentials that must be seen nowhere but on the wire. */
export const user = "planted-operator";
export const password = "planted-Pa55/w+rd-é";
export const token = "planted-token-0451";
export const secret = "planted-client-secret-77";

/** What a system may repeat that asks for such credentials. */
export const known: Record<string, readonly string[]> = {
  none: [],
  basic: [password, encodeURIComponent(password), Buffer.from(`${user}:${password}`).toString("base64")],
  token: [token, `Bearer ${token}`],
  oauth2: [secret],
};

/** In all the forms in which they travel. */
export const canaries: readonly string[] = [
  password,
  token,
  secret,
  encodeURIComponent(password),
  Buffer.from(`${user}:${password}`).toString("base64"),
];
