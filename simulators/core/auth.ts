import type { IncomingHttpHeaders } from "node:http";
import type { Clock } from "./clock.ts";
import type { Ids } from "./ids.ts";

/** Who may call a simulator. Nothing set: everyone may do everything. */
export interface AuthOptions {
  /** HTTP Basic, and the users that the OAuth2 password grant and `/v1/users/authorize` know. */
  users?: User[];
  /** Whether `users` may use HTTP Basic; default true. False: only by a token. */
  basic?: boolean;
  /** Access tokens that are simply valid, e.g. `Authorization: Bearer <token>`. */
  tokens?: {
    token: string;
    roles?: string[] /** Life in ms from the simulator's start; default: for ever. */;
    lifeMs?: number;
  }[];
  /** Keys sent in the system's API key header (`X-FF-API-Key`). */
  apiKeys?: { key: string; roles?: string[] }[];
  /** Turns the token endpoint on. */
  oauth2?: OAuth2Options;
}

/** Without `roles` a user may do everything. */
export interface User {
  username: string;
  password: string;
  roles?: string[];
}

export interface OAuth2Options {
  /** Path of the token endpoint on every endpoint of the simulator; default `/oauth/token`. */
  path?: string;
  /** Clients for both grants; the password grant asks for a client only when there are any. */
  clients?: { clientId: string; clientSecret: string; roles?: string[] }[];
  /** How a client may show who it is (RFC 6749, 2.3.1): by HTTP Basic, in the form, or (default) either. */
  clientAuth?: "any" | "basic" | "body";
  /** Life of a token, in ms of the simulator's clock; default 300 000. */
  expiresInMs?: number;
}

/** Whoever sent a request, once known. */
export interface Caller {
  name: string;
  /** `undefined`: every role. */
  roles: string[] | undefined;
}

/** How a system expects credentials on the wire. */
export interface AuthDialect {
  /** Schemes of the Authorization header that carry a token; Redis Enterprise says `JWT`. Default `["Bearer"]`. */
  tokenSchemes?: string[];
  /** Lower-case name of the API key header. */
  apiKeyHeader?: string;
}

/** Authenticates callers, and issues tokens. */
export class Gate {
  readonly options: AuthOptions | undefined;
  private readonly dialect: AuthDialect;
  private readonly clock: Clock;
  private readonly ids: Ids;
  private readonly issued = new Map<string, { caller: Caller; expiresAt: number }>();

  constructor(options: AuthOptions | undefined, dialect: AuthDialect, clock: Clock, ids: Ids) {
    this.options = options;
    this.dialect = dialect;
    this.clock = clock;
    this.ids = ids;
    for (const { token, roles, lifeMs = Number.POSITIVE_INFINITY } of options?.tokens ?? []) {
      this.issued.set(token, { caller: { name: "a token", roles }, expiresAt: clock.now() + lifeMs });
    }
  }

  /** The caller, or `undefined` for missing, wrong or expired credentials (401). */
  identify(headers: IncomingHttpHeaders): Caller | undefined {
    if (!this.options) return { name: "anyone", roles: undefined };
    const key = this.dialect.apiKeyHeader && headers[this.dialect.apiKeyHeader];
    const known = key && this.options.apiKeys?.find((entry) => entry.key === key);
    if (known) return { name: "an API key", roles: known.roles };
    const [scheme = "", credentials = ""] = (headers.authorization ?? "").split(" ");
    if (/^basic$/i.test(scheme) && this.options.basic !== false) return this.identifyBasic(credentials);
    const schemes = this.dialect.tokenSchemes ?? ["Bearer"];
    if (schemes.some((name) => name.toLowerCase() === scheme.toLowerCase()))
      return this.identifyToken(credentials);
    return undefined;
  }

  /** The user with this name and password. */
  findUser(username: unknown, password: unknown): Caller | undefined {
    const user = this.options?.users?.find((it) => it.username === username && it.password === password);
    return user && { name: user.username, roles: user.roles };
  }

  /** A fresh token for this caller. */
  issue(caller: Caller, lifeMs: number): string {
    const token = this.ids.token();
    this.issued.set(token, { caller, expiresAt: this.clock.now() + lifeMs });
    return token;
  }

  /** Expires every token, as an upgrade does. */
  expireTokens(): void {
    this.issued.clear();
  }

  private identifyBasic(credentials: string): Caller | undefined {
    const [username, ...password] = Buffer.from(credentials, "base64").toString().split(":");
    return this.findUser(username, password.join(":"));
  }

  private identifyToken(token: string): Caller | undefined {
    const issued = this.issued.get(token);
    return issued && this.clock.now() < issued.expiresAt ? issued.caller : undefined;
  }
}

/** Whether the caller has one of the roles that a call asks for. */
export function mayCall(caller: Caller, roles: string[] | undefined): boolean {
  return !roles || !caller.roles || caller.roles.some((role) => roles.includes(role));
}
