// Stands for undici in what is built (bundle.ts). The build fails where more of it is imported than stands here.
import send from "undici/lib/api/api-request.js";
import buildConnector from "undici/lib/core/connect.js";
import { parseURL } from "undici/lib/core/util.js";
import Agent from "undici/lib/dispatcher/agent.js";
import ProxyAgent from "undici/lib/dispatcher/proxy-agent.js";

export { Agent, buildConnector, ProxyAgent };

/** As undici's index.js has it, for who names the dispatcher. */
export function request(url, { dispatcher, ...options }) {
  const { origin, pathname, search } = parseURL(url);
  return send.call(dispatcher, { ...options, origin, path: `${pathname}${search}` });
}
