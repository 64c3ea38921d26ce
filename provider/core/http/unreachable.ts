/*
 * Why no answer came, in words that say what to set. OpenSSL's own words name its source files; its codes, as Node names them, are data.
 */

/** What was so when it failed. */
export interface Circumstances {
  url: string;
  /** The URL of the proxy by which it went. */
  proxy: string | undefined;
  /** Whether a client certificate is configured. */
  hasCertificate: boolean;
  /** Whether somebody has answered at this origin before. */
  isKnown: boolean;
  /** Whether a connection stood, and the request was handed to it. */
  hasLeft: boolean;
}

/** Whether a request was provably not carried out although it was handed to a connection. */
export function neverArrived(error: unknown): boolean {
  // A server of TLS 1.3 judges the client's certificate after the client may have begun to send.
  return certificateAlert.test(codeOf(error)) || refusalOf(error) !== undefined;
}

/** Whether one side does not take the other's certificate, and so never will. */
export function isLasting(error: unknown): boolean {
  const code = codeOf(error);
  return certificateAlert.test(code) || isCertificateProblem(code);
}

/** As the end of a sentence: `connection refused`. */
export function reasonOf(error: unknown, circumstances: Circumstances): string {
  const { proxy } = circumstances;
  const through = proxy === undefined ? "" : ` (through the proxy ${new URL(proxy).host})`;
  return plainReason(error, circumstances) + through;
}

function plainReason(error: unknown, circumstances: Circumstances): string {
  const code = codeOf(error);
  const refusal = refusalOf(error);
  if (refusal === "407") {
    const wants = URL.parse(circumstances.proxy ?? "")?.username
      ? "it does not accept the user name and password in its URL"
      : "it asks for a user name and password in its URL";
    return `the proxy refused to connect to the server (407): ${wants}`;
  }
  if (refusal) return `the proxy refused to connect to the server (${refusal})`;
  if (code === "UND_ERR_PRX_TLS")
    return "the proxy's certificate is for other host names: check the proxy's URL";
  return (
    alertReason(code, circumstances) ??
    (isCertificateProblem(code) ? trustReason(code, error) : undefined) ??
    (code.startsWith("ERR_SSL_") || code === "EPROTO" ? handshakeReason(code, circumstances) : undefined) ??
    connectionReason(code, error, circumstances)
  );
}

/** OpenSSL's verification codes. */
function isCertificateProblem(code: string): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)|DEPTH_ZERO/.test(
    code,
  );
}

function trustReason(code: string, error: unknown): string {
  const authority = "set caCert to the authority that signed it";
  const words: Record<string, string> = {
    DEPTH_ZERO_SELF_SIGNED_CERT: "it has signed itself: set caCert to this certificate",
    SELF_SIGNED_CERT_IN_CHAIN: `nobody knows its authority: ${authority}`,
    CERT_HAS_EXPIRED:
      "it, or one that vouches for it, has expired: renew it on the server, if the clock of this machine is right",
    CERT_NOT_YET_VALID: "it is not valid yet: check the clock of this machine, and the server's",
    CERT_REVOKED: "it has been revoked: renew it on the server",
    INVALID_PURPOSE: "it is not meant for servers: renew it on the server",
    ERR_TLS_CERT_ALTNAME_INVALID: `it is for ${namesIn(error)}: check the endpoint's host name`,
    HOSTNAME_MISMATCH: "it is for other host names: check the endpoint's host name",
  };
  return `the server's certificate is not trusted (${code}): ${words[code] ?? `nobody knows its authority: ${authority}`}`;
}

/** The host names that a certificate is for. */
function namesIn(error: unknown): string {
  const { cert, cause } = (error ?? {}) as { cert?: { subjectaltname?: unknown }; cause?: unknown };
  if (cert === undefined && cause !== undefined) return namesIn(cause);
  const names = String(cert?.subjectaltname ?? "").replace(/\b(DNS|IP Address):/g, "");
  return names === "" ? "other host names" : names.slice(0, 200);
}

/** The server's word on the client's certificate. */
const certificateAlert =
  /ALERT_(NO_CERTIFICATE|BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_\w+|UNKNOWN_CA|ACCESS_DENIED)/;

function alertReason(code: string, { hasCertificate }: Circumstances): string | undefined {
  const ask = "set clientCert and clientKey";
  if (certificateAlert.test(code)) {
    if (!hasCertificate) return `the server asks for a client certificate: ${ask}`;
    const why = code
      .replace(/^.*ALERT_/, "")
      .toLowerCase()
      .replaceAll("_", " ");
    return `the server does not accept the client certificate (${why}): check clientCert`;
  }
  if (/ALERT_HANDSHAKE_FAILURE/.test(code))
    return `the server ended the TLS handshake: ${hasCertificate ? "it may not accept the client certificate" : `it may ask for a client certificate (${ask})`}, or know no cipher of this client`;
  if (/ALERT_PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|VERSION_TOO_LOW|NO_PROTOCOLS/.test(code))
    return "the server speaks no TLS version that this client does (1.2 and 1.3): it has to allow one of them";
  if (/UNRECOGNIZED_NAME/.test(code))
    return "the server has no certificate for this host name: check the endpoint's host name";
  return undefined;
}

function handshakeReason(code: string, { hasLeft }: Circumstances): string {
  if (hasLeft) return `the TLS connection broke (${code})`;
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH|HTTP_REQUEST|UNKNOWN_PROTOCOL|RECORD/.test(code))
    return "the server does not speak TLS on this port: check the scheme and the port";
  return `the TLS handshake failed (${code})`;
}

/** The parser's words for an answer that does not even begin as HTTP does. */
const isNoHttp = /\((Expected (HTTP|dot|space|CRLF)|Invalid (word|method|HTTP|minor|major))/;

function connectionReason(
  code: string,
  error: unknown,
  { url, hasCertificate, hasLeft, isKnown }: Circumstances,
): string {
  const message = error instanceof Error && error.message ? error.message : String(error);
  const hungUp = /^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/.test(code);
  if (hungUp && !hasLeft && url.startsWith("https:"))
    return `the server hung up during the TLS handshake: where that lasts, it may ${hasCertificate ? "not accept the client certificate" : "ask for a client certificate (set clientCert and clientKey)"}, or not speak TLS on this port`;
  // Somebody who never answered in HTTP may speak TLS.
  const scheme = url.startsWith("http:") && !isKnown ? ": if it speaks TLS on this port, write https://" : "";
  if (error instanceof Error && error.name === "HTTPParserError")
    return isNoHttp.test(message)
      ? `what the server answered is not HTTP${scheme}`
      : `the server's answer breaks the rules of HTTP${/ \(.*\)$/.exec(message)?.[0] ?? ""}`;
  if (code === "UND_ERR_SOCKET" && /^bad upgrade$/.test(message))
    return "the server changed to another protocol than HTTP (101)";
  const words: Record<string, string> = {
    ECONNREFUSED: "connection refused",
    ENOTFOUND: "no such host",
    EAI_AGAIN: "the host name cannot be resolved right now",
    ECONNRESET: `connection reset${scheme}`,
    UND_ERR_SOCKET: `connection closed before the whole answer had come${scheme}`,
    UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "the answer ended early",
    UND_ERR_HEADERS_OVERFLOW: "the headers of the answer are too long",
  };
  // undici has the time in the message only.
  const [, milliseconds] = /timeout: (\d+)ms/.exec(message) ?? [];
  if (code === "UND_ERR_CONNECT_TIMEOUT")
    return `no connection within ${Number(milliseconds ?? 10_000) / 1_000}s`;
  return words[code] ?? (code && !message.includes(code) ? `${message} (${code})` : message);
}

/** The status with which a proxy refused to hand a request on: undici has it in the message only. */
function refusalOf(error: unknown): string | undefined {
  const { message, cause } = (error ?? {}) as { message?: unknown; cause?: unknown };
  const [, status, asked] =
    /^Proxy response \((\d+)\) !== 200|^Proxy Authentication Required \((407)\)/.exec(String(message)) ?? [];
  return status ?? asked ?? (cause === undefined ? undefined : refusalOf(cause));
}

function codeOf(error: unknown): string {
  const { code, cause, errors } = (error ?? {}) as { code?: unknown; cause?: unknown; errors?: unknown[] };
  if (typeof code === "string") return code;
  if (Array.isArray(errors) && errors.length > 0) return codeOf(errors[0]);
  return cause === undefined ? "" : codeOf(cause);
}
