import { type Answer, json } from "../core/exchange.ts";
import { Simulator, start } from "../core/simulator.ts";
import type { AspireOptions } from "./options.ts";
import { aspireRoutes } from "./routes.ts";
import { AspireState, type Batch, type Seed, type Worker } from "./state.ts";

/** Starts simulated Aspire manager nodes; `close()` them when done. */
export function startAspire(options: AspireOptions = {}): Promise<AspireSimulator> {
  return start(new AspireSimulator(options));
}

/** Aspire 5's manager API: seeds, workers and batches. */
export class AspireSimulator extends Simulator {
  private readonly aspireOptions: AspireOptions;
  private readonly state: AspireState;

  constructor(options: AspireOptions) {
    const refusePath = options.ambiguousPaths === "accept" ? undefined : refuseAmbiguous;
    super(options, { refuse: (status, message) => json(status, { message }), refusePath });
    this.aspireOptions = options;
    this.state = new AspireState(options);
  }

  async open(): Promise<void> {
    for (let manager = 0; manager < (this.aspireOptions.managers ?? 1); manager++) {
      const routes = aspireRoutes(this.state, manager, this.aspireOptions);
      await this.listen(`manager${manager + 1}`, () => routes);
    }
  }

  get seeds(): readonly Readonly<Seed>[] {
    return [...this.state.seeds.values()];
  }

  get workers(): readonly Readonly<Worker>[] {
    return [...this.state.workers.values()];
  }

  get batches(): readonly Readonly<Batch>[] {
    return [...this.state.batches.values()];
  }

  /** Someone has deleted it: 404 from now on. */
  deleteSeed(id: string): void {
    this.state.seeds.delete(id);
  }
}

/** `/`, `\\`, `;`, `%`, `.` or a control character, encoded; and what needs no encoding to be read in two ways. */
const ambiguous = /%(2f|5c|3b|25|2e|[01][0-9a-f]|7f)|[\\;]|\/\/|\/\.{1,2}(\/|$)/i;

/** As Jetty does since version 10 (`Ambiguous URI path separator`), and Tomcat with `%2F`: before the application is asked. */
function refuseAmbiguous(path: string): Answer | undefined {
  if (!ambiguous.test(path)) return undefined;
  const body = "<h1>Bad Message 400</h1><pre>reason: Ambiguous URI path separator</pre>";
  return { status: 400, contentType: "text/html;charset=iso-8859-1", body };
}
