import assert from "node:assert/strict";
import { proxiesOf, proxyFor } from "../../../provider/core/connection/proxies.ts";
import { refusalOf } from "./connection-cases.ts";

const proxy = "http://proxy.test:3128/";
const via = (url: string, environment: Record<string, string>, own?: string) =>
  proxyFor(url, proxiesOf(own, "connection.proxy", environment));

describe("NO_PROXY", () => {
  const rows: [exempt: string, direct: string[], proxied: string[]][] = [
    ["*", ["http://a.test", "https://10.1.2.3", "http://[::1]"], []],
    [
      "a.test",
      ["https://a.test", "https://A.TEST.", "https://b.a.test:9443"],
      ["https://ba.test", "https://test"],
    ],
    [".a.test", ["https://b.a.test", "https://a.test"], ["https://ba.test"]],
    ["*.a.test", ["https://b.a.test"], ["https://ba.test"]],
    ["A.Test.", ["https://a.test", "https://b.a.test"], ["https://a.test.b"]],
    [
      "x.test,b.test y.test\tc.test , ,",
      ["https://b.test", "https://c.test", "https://y.test"],
      ["https://d.test"],
    ],
    ["a.test:9443", ["https://a.test:9443"], ["https://a.test", "https://a.test:8443"]],
    ["a.test:443 b.test:80", ["https://a.test", "http://b.test"], ["http://a.test", "https://b.test"]],
    ["bücher.test", ["https://bücher.test", "https://xn--bcher-kva.test"], ["https://bucher.test"]],
    ["127.0.0.1", ["http://127.0.0.1:8080", "http://127.1"], ["http://127.0.0.2", "http://localhost"]],
    ["10.0.0.0/8", ["https://10.255.0.1", "https://10.0.0.1:9443"], ["https://11.0.0.1", "https://10.test"]],
    ["10.1.2.3/8", ["https://10.255.0.1"], ["https://11.0.0.1"]],
    ["127.0.0.1/32", ["http://127.0.0.1"], ["http://127.0.0.2"]],
    ["192.168.1.128/25", ["http://192.168.1.129"], ["http://192.168.1.1"]],
    ["0.0.0.0/0", ["http://1.2.3.4"], ["http://a.test", "http://[2001:db8::1]"]],
    ["10.0.0.0/8:9443", [], ["https://10.0.0.1"]],
    ["10.0.0.0/33 10.0.0.0/x 300.1.1.1", [], ["https://10.0.0.1"]],
    ["127.", ["http://127.0.0.1", "http://127.9.9.9"], ["http://12.7.0.1", "http://127.test"]],
    ["10.1.*", ["http://10.1.9.9"], ["http://10.10.0.1"]],
    ["::1", ["http://[::1]:8080"], ["http://[::2]"]],
    ["[::1]", ["http://[::1]:8080", "http://[0:0:0:0:0:0:0:1]"], ["http://[::2]"]],
    ["[::1]:8080", ["http://[::1]:8080"], ["http://[::1]:8081"]],
    ["2001:DB8::/32", ["https://[2001:db8:1::1]"], ["https://[2001:db9::1]", "https://10.0.0.1"]],
    ["[fe80::]/10", ["https://[fe80::1]"], ["https://[fec0::1]"]],
    ["10.0.0.0/8", ["https://[::ffff:10.1.2.3]"], ["https://[::ffff:11.1.2.3]"]],
    ["0.0.0.1", [], ["https://1.0.0.0", "https://a.0.0.0.1.test"]],
  ];
  for (const [exempt, direct, proxied] of rows) {
    it(JSON.stringify(exempt), () => {
      for (const name of ["NO_PROXY", "no_proxy"]) {
        const environment = { ALL_PROXY: proxy, [name]: exempt };
        for (const url of direct) assert.equal(via(url, environment), undefined, `${url} goes directly`);
        for (const url of proxied) assert.equal(via(url, environment), proxy, `${url} goes by the proxy`);
      }
    });
  }

  it("in small letters comes first, and hides nothing where it is empty", () => {
    const both = { https_proxy: proxy, no_proxy: "a.test", NO_PROXY: "b.test" };
    assert.deepEqual([via("https://a.test", both), via("https://b.test", both)], [undefined, proxy]);
    assert.equal(via("https://b.test", { ...both, no_proxy: "" }), undefined);
  });

  it("says nothing of a connection's own proxy", () => {
    assert.equal(via("https://a.test", { NO_PROXY: "*" }, proxy), proxy);
  });
});

describe("the proxy of a request", () => {
  const [one, two, three] = ["http://one.test/", "http://two.test/", "http://three.test/"];
  const rows: [what: string, environment: Record<string, string>, http?: string, https?: string][] = [
    ["none", {}, undefined, undefined],
    ["the one of its scheme", { http_proxy: one, https_proxy: two }, one, two],
    ["not the one of another scheme", { http_proxy: one }, one, undefined],
    ["in capital letters too", { HTTP_PROXY: one, HTTPS_PROXY: two }, one, two],
    ["in small letters first", { https_proxy: one, HTTPS_PROXY: two }, undefined, one],
    [
      "not hidden by an empty one",
      { https_proxy: "", HTTPS_PROXY: two, http_proxy: "", all_proxy: one },
      one,
      two,
    ],
    [
      "ALL_PROXY where its scheme has none",
      { https_proxy: one, all_proxy: "", ALL_PROXY: three },
      three,
      one,
    ],
    [
      "not what a visitor of a web server says",
      { REQUEST_METHOD: "GET", HTTP_PROXY: one, HTTPS_PROXY: two },
      undefined,
      two,
    ],
    [
      "HTTP where no scheme stands before it",
      { http_proxy: "proxy.test:3128", https_proxy: "ci:p%40@proxy.test" },
      proxy,
      "http://ci:p%40@proxy.test/",
    ],
  ];
  for (const [what, environment, http, https] of rows) {
    it(`is ${what}`, () =>
      assert.deepEqual(
        [via("http://a.test", environment), via("https://a.test", environment)],
        [http, https],
      ));
  }

  for (const [what, text, said] of [
    ["no URL", "http://ci:planted@", /^is not an http:\/\/ or https:\/\/ URL of a proxy/],
    ["another scheme", "ftp://ci:planted@proxy.test", /^is not an http:\/\/ or https:\/\/ URL of a proxy/],
    ["SOCKS", "socks5h://ci:planted@proxy.test", /SOCKS is not supported/],
    [
      "a password that is not encoded",
      "http://ci:planted%@proxy.test",
      /^has a % in its user name or password/,
    ],
  ] as const) {
    it(`is refused under its name: ${what}`, () => {
      for (const [property, work] of [
        ["ALL_PROXY", () => via("https://a.test", { ALL_PROXY: text })],
        ["https_proxy", () => via("https://a.test", { https_proxy: text })],
        ["connection.proxy", () => via("https://a.test", {}, text)],
      ] as const) {
        const failure = refusalOf(work);
        assert.equal(failure.property, property);
        assert.match(failure.message, said);
        assert.doesNotMatch(`${failure.message}${failure.stack}`, /planted/);
      }
      const exempt = { ALL_PROXY: text, NO_PROXY: "a.test" };
      assert.equal(via("https://a.test", exempt), undefined, "what nobody uses does no harm");
    });
  }
});
