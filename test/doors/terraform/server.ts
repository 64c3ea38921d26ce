import grpc from "@grpc/grpc-js";
import { listen } from "../../../doors/shared/serving.ts";
import { pack, type RawObject, unpack } from "../../../doors/terraform/codec.ts";
import type { Apply } from "../../../doors/terraform/command-line.ts";
import { Configuration } from "../../../doors/terraform/configuration.ts";
import type { AttributePath, Diagnostic } from "../../../doors/terraform/diagnostics.ts";
import { Operations } from "../../../doors/terraform/operations.ts";
import { type Call, provider } from "../../../doors/terraform/protocol.ts";
import { serviceOf } from "../../../doors/terraform/service.ts";
import { wordsFor } from "../../../doors/terraform/words.ts";
import type { Session } from "../../../provider/index.ts";
import type { Settings } from "../../rules/door.ts";
import { blockOf } from "./block.ts";

/** What is recorded of a resource: its attributes, and what nobody sees. */
export interface State {
  state: RawObject | null;
  private?: Uint8Array;
}

export interface Answer extends State {
  diagnostics: Diagnostic[];
}

export interface Planned extends Answer {
  replaces: AttributePath[];
}

interface Options {
  session?: Session;
  apply?: Apply;
  /** Where progress is told. */
  said?: { progress: string[] };
  /** The rest of the provider's block. */
  settings?: Settings;
}

/** One process of the provider, as far as it goes without being one, and what calls it over gRPC, as Terraform does. */
export class TerraformServer implements AsyncDisposable {
  readonly #server = new grpc.Server();
  #client: grpc.Client | undefined;
  #stopped = new AbortController();

  private constructor({ session, apply, said }: Omit<Options, "settings">) {
    const configuration = new Configuration();
    const server = this;
    const words = wordsFor("terraform");
    const operations = new Operations({
      configuration,
      session,
      apply,
      words,
      // One operation after the other: one that was stopped is not to end the next.
      get signal() {
        return server.#stopped.signal;
      },
      log: (message) => void said?.progress.push(message),
    });
    this.#server.addService(
      provider,
      serviceOf({ operations, configuration, words, stop: () => this.#stop() }),
    );
  }

  /** @param connections those of the provider's block */
  static async start(connections: object, { settings, ...options }: Options = {}): Promise<TerraformServer> {
    const server = new TerraformServer(options);
    const port = await listen(server.#server, grpc.ServerCredentials.createInsecure());
    server.#client = new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
    await server.configure(blockOf({ connections, ...settings }));
    return server;
  }

  configure(config: RawObject): Promise<object> {
    return this.call("ConfigureProvider", { config: pack(config) });
  }

  call<T extends object>(name: Call, request: object): Promise<T> {
    const { path, requestSerialize, responseDeserialize } = provider[name] as grpc.MethodDefinition<
      object,
      T
    >;
    return new Promise((resolve, reject) =>
      this.#client?.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, (error, answer) =>
        error || !answer ? reject(error) : resolve(answer),
      ),
    );
  }

  async validate(typeName: string, config: RawObject): Promise<Diagnostic[]> {
    const { diagnostics = [] } = await this.call<{ diagnostics?: Diagnostic[] }>("ValidateResourceConfig", {
      typeName,
      config: pack(config),
    });
    return diagnostics;
  }

  /** @param config null: it is to be deleted */
  async plan(typeName: string, prior: State, config: RawObject | null): Promise<Planned> {
    const answer = await this.call<Record<string, never>>("PlanResourceChange", {
      typeName,
      priorState: pack(prior.state),
      priorPrivate: prior.private,
      proposedNewState: pack(config),
      config: pack(config),
    });
    const { plannedState, plannedPrivate, requiresReplace = [], diagnostics = [] } = answer;
    return { state: unpack(plannedState), private: plannedPrivate, replaces: requiresReplace, diagnostics };
  }

  async apply(typeName: string, prior: State, planned: State): Promise<Answer> {
    const answer = await this.call<Record<string, never>>("ApplyResourceChange", {
      typeName,
      priorState: pack(prior.state),
      plannedState: pack(planned.state),
      plannedPrivate: planned.private,
    });
    return { state: unpack(answer.newState), private: answer.private, diagnostics: answer.diagnostics ?? [] };
  }

  async read(typeName: string, { state, private: data }: State): Promise<Answer> {
    const answer = await this.call<Record<string, never>>("ReadResource", {
      typeName,
      currentState: pack(state),
      private: data,
    });
    return { state: unpack(answer.newState), private: answer.private, diagnostics: answer.diagnostics ?? [] };
  }

  /** As Terraform does it when it is interrupted. */
  async stop(): Promise<void> {
    await this.call("StopProvider", {});
  }

  #stop(): void {
    this.#stopped.abort(new DOMException("interrupted", "AbortError"));
    this.#stopped = new AbortController();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#client?.close();
    this.#server.forceShutdown();
  }
}
