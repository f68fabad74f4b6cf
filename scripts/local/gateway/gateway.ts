import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { ScaledClock } from "../clock.ts";
import type { RunningMoto } from "../moto/server.ts";
import { answerOwn, isOwnService } from "./own-services.ts";
import { correctAnswer } from "./corrections.ts";
import { forwardTo } from "./forward.ts";
import { RegionServices, type Aspect } from "./region-services.ts";
import { readRequest, type ApiRequest, type ApiResponse } from "./request.ts";
import { clustersOf, listenersOf, type Status } from "./status.ts";
import { answerAboutTargets, isAboutTargets } from "./target-health.ts";

/** The admin interface is below this path, and nothing else is. */
const adminPath = "/_slipway/";
/** Moto's own way of starting over; what is copied from it goes as well. */
const motoReset = "/moto-api/reset";
const reads = /^(Describe|List|Get)/;

/** What a call to moto may have changed that the state copies. */
function changedAspects({ service, operation }: ApiRequest): Aspect[] {
  if (operation === null || reads.test(operation)) return [];
  if (service === "elasticloadbalancing") return ["routing"];
  if (service === "autoscaling") return ["hosts"];
  return service === "ec2" && /Instances$|LaunchTemplate/.test(operation) ? ["hosts"] : [];
}

/** The one endpoint: answers ECS and targets itself and passes every other call on to moto. */
export class Gateway {
  readonly #clock: ScaledClock;
  readonly #moto: RunningMoto;
  readonly #log: (message: string) => void;
  readonly #regions = new Map<string, RegionServices>();
  readonly #server: Server;
  #endpoint = "";
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: { speed: number; moto: RunningMoto; log: (message: string) => void }) {
    this.#clock = new ScaledClock(options.speed);
    this.#moto = options.moto;
    this.#log = options.log;
    this.#server = createServer((message, response) => {
      this.#serve(message, response).catch((error: unknown) => {
        this.#log(`error ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
        send(response, {
          statusCode: 500,
          headers: { "content-type": "application/x-amz-json-1.1" },
          body: JSON.stringify({ __type: "ServerException", message: String(error) }),
        });
      });
    });
  }

  get endpoint(): string {
    return this.#endpoint;
  }

  /** Listens on a loopback port; 0 takes a free one. */
  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, "127.0.0.1", () => {
        this.#server.removeListener("error", reject);
        resolve();
      });
    });
    const address = this.#server.address() as AddressInfo;
    this.#endpoint = `http://127.0.0.1:${address.port}`;
  }

  /** What `GET /_slipway/status` answers. */
  status(): Status {
    const regions = [...this.#regions.values()];
    return {
      endpoint: this.#endpoint,
      pid: process.pid,
      region: "us-east-1",
      speed: this.#clock.speed,
      moto: { version: this.#moto.version, port: this.#moto.port },
      listeners: regions.flatMap(listenersOf),
      clusters: regions.flatMap(clustersOf),
    };
  }

  /** Stops serving and ends everything that runs for it, moto excepted. */
  async close(): Promise<void> {
    this.#forgetRegions();
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  #services(region: string): RegionServices {
    const known = this.#regions.get(region);
    if (known) return known;
    const services = new RegionServices(region, this.#clock, this.#moto.endpoint, this.#log);
    this.#regions.set(region, services);
    return services;
  }

  #forgetRegions(): void {
    for (const services of this.#regions.values()) services.close();
    this.#regions.clear();
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    if (message.url?.startsWith(adminPath)) {
      send(response, this.#answerAdmin(message));
      return;
    }
    send(response, await this.#answer(await readRequest(message)));
  }

  #answerAdmin({ url, method }: IncomingMessage): ApiResponse {
    const headers = { "content-type": "application/json" };
    if (method === "GET" && url === `${adminPath}status`) {
      return { statusCode: 200, headers, body: `${JSON.stringify(this.status())}\n` };
    }
    const message = `There is no ${method ?? "GET"} ${url ?? ""} here; GET ${adminPath}status is.`;
    return { statusCode: 404, headers, body: `${JSON.stringify({ message })}\n` };
  }

  async #answer(call: ApiRequest): Promise<ApiResponse> {
    const services = this.#services(call.region);
    if (isOwnService(call.service)) return answerOwn(services, call.service, call, this.#log);
    if (isAboutTargets(call)) return answerAboutTargets(services, call);
    if (call.url.startsWith(motoReset)) this.#forgetRegions();
    const aspects = changedAspects(call);
    const forward = async () => correctAnswer(this.#moto.port, call, await forwardTo(this.#moto.port, call));
    if (aspects.length === 0) return forward();
    // One change at a time: what is read after one must not vanish under the next, half read.
    const turn = this.#turn.then(async () => {
      const answer = await forward();
      if (answer.statusCode < 400) for (const aspect of aspects) await services.synchronize(aspect);
      return answer;
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}

function send(response: ServerResponse, { statusCode, headers, body }: ApiResponse): void {
  if (response.headersSent || response.destroyed) return;
  const present = Object.entries(headers).filter(([, value]) => value !== undefined);
  response.writeHead(statusCode, Object.fromEntries(present) as Record<string, string | string[]>);
  response.end(body);
}
