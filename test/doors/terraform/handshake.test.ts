import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import grpc from "@grpc/grpc-js";
import { selfSigned } from "../../../doors/terraform/certificate.ts";
import { controller, provider } from "../../../doors/terraform/protocol.ts";
import { built } from "../../support/built.ts";

const launcher = join(import.meta.dirname, "..", "..", "..", "terraform", "terraform-provider-clusterops");
const cookie = {
  TF_PLUGIN_MAGIC_COOKIE: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
  PLUGIN_PROTOCOL_VERSIONS: "5,6",
};

function start(env: NodeJS.ProcessEnv): ChildProcess & { said: () => string } {
  const child = spawn(launcher, { env: { PATH: process.env.PATH, ...env } });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  return Object.assign(child, { said: () => said });
}

async function refusal(env: NodeJS.ProcessEnv): Promise<string> {
  const child = start(env);
  const [code] = await once(child, "close");
  assert.equal(code, 1);
  return child.said();
}

/** Calls a method of the process that listens there. */
function call(
  to: string,
  credentials: grpc.ChannelCredentials,
  method: grpc.MethodDefinition<object, object>,
) {
  const client = new grpc.Client(to, credentials, { "grpc.ssl_target_name_override": "localhost" });
  return new Promise<object>((resolve, reject) => {
    const { path, requestSerialize, responseDeserialize } = method;
    const deadline = { deadline: Date.now() + 5_000 };
    client.makeUnaryRequest(path, requestSerialize, responseDeserialize, {}, deadline, (error, answer) =>
      error ? reject(error) : resolve(answer ?? {}),
    );
  }).finally(() => client.close());
}

const method = (service: grpc.ServiceDefinition, name: string) =>
  service[name] as grpc.MethodDefinition<object, object>;

describe("the process of Terraform's provider", function () {
  this.timeout(30_000);
  before(built);

  it("says to whoever starts it by hand that there is nothing to do", async () => {
    assert.match(await refusal({}), /a provider of Terraform and OpenTofu: they start it/);
    assert.match(
      await refusal({ ...cookie, PLUGIN_PROTOCOL_VERSIONS: "4,5" }),
      /use Terraform 1\.0 or later/,
    );
  });

  it("prints one line, speaks to whom it was started by, and to nobody else, and ends", async () => {
    const own = selfSigned();
    const child = start({ ...cookie, PLUGIN_CLIENT_CERT: own.pem });
    while (!child.said().includes("\n")) await once(child.stdout as NodeJS.EventEmitter, "data");
    const [core, version, network, address = "", kind, certificate = ""] = child.said().trim().split("|");
    assert.deepEqual([core, version, network, kind], ["1", "6", "tcp", "grpc"]);
    assert.match(address, /^127\.0\.0\.1:\d+$/);
    const pem = Buffer.from(new X509Certificate(Buffer.from(certificate, "base64")).toString());

    const known = grpc.credentials.createSsl(pem, Buffer.from(own.key), Buffer.from(own.pem));
    const { resources } = (await call(address, known, method(provider, "GetMetadata"))) as {
      resources: object[];
    };
    assert.ok(resources.length > 10);
    const other = selfSigned();
    const foreign = grpc.credentials.createSsl(pem, Buffer.from(other.key), Buffer.from(other.pem));
    await assert.rejects(call(address, foreign, method(provider, "GetMetadata")));
    await assert.rejects(call(address, grpc.credentials.createInsecure(), method(provider, "GetMetadata")));

    const ended = once(child, "close");
    await call(address, known, method(controller, "Shutdown"));
    assert.deepEqual((await ended)[0], 0);
    assert.equal(child.said().trim().split("\n").length, 1, child.said());
  });
});
