import type { Proxies } from "./proxies.ts";

/** How to get an access token from an OAuth 2 server. Tokens are cached per connection and fetched anew before they expire. */
export interface OAuth2 {
  /** URL of the token endpoint. @pattern ^https?:// */
  tokenUrl: string;
  /** `password` needs `username` and `password`. Default: `client_credentials`. */
  grantType?: "password" | "client_credentials";
  /** The client as the OAuth 2 server knows it. */
  clientId?: string;
  /** Secret. */
  clientSecret?: string;
  /**
   * How the token endpoint is shown `clientId` and `clientSecret` (RFC 6749, 2.3.1): in the `body`, or by HTTP `basic`. Default: `body`, and
   * the other way where the endpoint refuses that and asks for Basic.
   */
  tokenAuth?: "body" | "basic";
  /** With the grant `password`: who asks. */
  username?: string;
  /** Secret. */
  password?: string;
  /** Space-separated scopes to ask for. */
  scope?: string;
}

/** How to reach one installation of a system: where it is, who asks, and how far the network is trusted. */
export interface Connection {
  /** Base URLs, http or https, tried in turn; the one that worked is asked first the next time. @minItems 1 */
  endpoints?: string[];
  /** One base URL: the short form of `endpoints`. */
  endpoint?: string;
  /** Basic authentication, together with `password`. */
  username?: string;
  /** Secret. Basic authentication, together with `username`. */
  password?: string;
  /** Secret. Sent as `Authorization: Bearer` (to Redis Enterprise as `Authorization: JWT`, as its pages say). */
  token?: string;
  /** Secret. Headers sent with every request, e.g. `{"X-FF-API-Key": "..."}`. */
  headers?: { [name: string]: string };
  /** Access tokens from an OAuth 2 server, sent as `Authorization: Bearer`. */
  oauth2?: OAuth2;
  /** Put between the endpoint and the vendor's paths. Default: none; `/aspire/_api` for aspire. */
  basePath?: string;
  /**
   * What to trust in place of the system's certificate authorities: PEM text, or the path of a PEM file. The authority that issued the
   * server's certificate suffices, or that certificate itself; there may be several.
   */
  caCert?: string;
  /**
   * Client certificate: PEM text, or the path of a PEM file. Needs `clientKey`. Certificates that vouch for it follow it. The token
   * endpoint of `oauth2` is shown it, too.
   */
  clientCert?: string;
  /** Secret. The client certificate's private key, not encrypted: PEM text, or the path of a PEM file. */
  clientKey?: string;
  /** Accept any server certificate. Announced with a warning. Default: false. */
  insecureSkipVerify?: boolean;
  /**
   * HTTP proxy URL, for all requests of the connection. Default: what HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY say, in small
   * letters first.
   */
  proxy?: string;
  /** Hosts that redirects may lead to beside the endpoints' own: names, `*.suffix`, or CIDR ranges. */
  trustedHosts?: string[];
  /** Longest time for one request, from connecting to the last byte: "30s", "2m", or seconds. Default: "30s". */
  requestTimeout?: string | number;
}

/** What differs between systems in how they are reached. */
export interface System {
  /** `redis`, `tcf`, `factfinder` or `aspire`: also the default connection's name. */
  name: string;
  /** The product's name as people know it. */
  title: string;
  /** Word before `token` in the Authorization header. Default: Bearer. */
  tokenScheme?: string;
  /** Default: none. */
  basePath?: string;
  /** Path of a list that names the installation's own hosts, and how to read it: redirects to those are trusted. */
  ownHosts?: { path: string; read(body: unknown): string[] };
}

/** A connection that has been looked up, checked and completed. */
export interface ResolvedConnection {
  /** The name by which users know it, or `inline`. */
  name: string;
  system: System;
  /** Origins and paths, without a slash at the end, `basePath` included. */
  endpoints: string[];
  /** Where it leads, in one spelling (identity.ts): without `basePath`, and without any credential. */
  addresses: string[];
  /** The endpoints as they were given, without `basePath`: what is recorded, and shown. */
  given: string[];
  username?: string;
  password?: string;
  token?: string;
  headers: Record<string, string>;
  oauth2?: OAuth2;
  /** PEM, certificates and key each for itself. */
  tls: { ca?: string; cert?: string; key?: string; rejectUnauthorized: boolean };
  /** As it was given. */
  proxy?: string;
  proxies: Proxies;
  trustedHosts: string[];
  /** Milliseconds. */
  requestTimeout: number;
}
