import { InputError } from "../data/errors.ts";

/** Connection fields by the last part of CLUSTEROPS_<CONNECTION NAME>_<FIELD>. */
const fields: Record<string, (text: string, variable: string) => Record<string, unknown>> = {
  ENDPOINT: (endpoint) => ({ endpoints: [endpoint] }),
  ENDPOINTS: (text) => ({ endpoints: list(text) }),
  USERNAME: (username) => ({ username }),
  PASSWORD: (password) => ({ password }),
  TOKEN: (token) => ({ token }),
  HEADERS: (text, variable) => ({ headers: jsonObject(text, variable) }),
  OAUTH2: (text, variable) => ({ oauth2: jsonObject(text, variable) }),
  BASE_PATH: (basePath) => ({ basePath }),
  CA_CERT: (caCert) => ({ caCert }),
  CLIENT_CERT: (clientCert) => ({ clientCert }),
  CLIENT_KEY: (clientKey) => ({ clientKey }),
  INSECURE_SKIP_VERIFY: (insecureSkipVerify) => ({ insecureSkipVerify }),
  PROXY: (proxy) => ({ proxy }),
  TRUSTED_HOSTS: (text) => ({ trustedHosts: list(text) }),
  REQUEST_TIMEOUT: (requestTimeout) => ({ requestTimeout }),
};

/** What the environment says of a connection, e.g. CLUSTEROPS_TCF_EAST_ENDPOINTS for `tcf-east`. It beats stack config. */
export function fromEnvironment(name: string, environment: NodeJS.ProcessEnv): Record<string, unknown> {
  const prefix = `CLUSTEROPS_${upperSnake(name)}_`;
  const found: Record<string, unknown> = {};
  for (const [field, read] of Object.entries(fields)) {
    const text = environment[prefix + field];
    if (text !== undefined && text !== "") Object.assign(found, read(text, prefix + field));
  }
  return found;
}

/** `tcfEast` and `tcf-east` both become TCF_EAST. */
function upperSnake(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .toUpperCase();
}

function list(text: string): string[] {
  return text
    .split(",")
    .map((item) => item.trim())
    .filter(Boolean);
}

function jsonObject(text: string, variable: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InputError(variable, `is not a JSON object`);
  }
}
