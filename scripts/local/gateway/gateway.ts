import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";

import { ScaledClock } from "../clock.ts";
import type { ContainerOptions } from "../containers/runner.ts";
import { CertificateAuthority } from "../elb/certificates.ts";
import { answerWithFault, noAnswer } from "../faults/around.ts";
import { detailsOf } from "../error-details.ts";
import { Faults } from "../faults/faults.ts";
import type { LocalHooks } from "../hooks/invoker.ts";
import { Enforcement } from "../iam/enforcement.ts";
import { UserBoundaries } from "../iam/user-boundaries.ts";
import type { RunningMoto } from "../moto/server.ts";
import { Throttle } from "../throttling/throttle.ts";
import { tellCall } from "../timeline/call.ts";
import { Timeline } from "../timeline/timeline.ts";
import { adminPath, answerAdmin } from "./admin.ts";
import { cut } from "./cut.ts";
import { internalFailure } from "./error-answer.ts";
import { MotoCalls } from "./moto-calls.ts";
import { withMutualAuthentication } from "./mutual-authentication.ts";
import { answerOwn, isOwnService } from "./own-services.ts";
import { refusalOfRequest } from "./refused-requests.ts";
import { RegionServices, type Shared } from "./region-services.ts";
import { readRequest, type ApiRequest, type ApiResponse } from "./request.ts";
import { clustersOf, listenersOf, type Status } from "./status.ts";
import { answerAboutTargets, isAboutTargets } from "./target-health.ts";
import { StandIns } from "./stand-ins.ts";

/** Moto's own way of starting over; what is copied from it goes as well. */
const motoReset = "/moto-api/reset";

/** Longer than clients keep a connection that they do not use, so that none is closed under a call. */
const keptAliveMs = 75_000;

/** What a gateway is made with. */
export interface GatewayOptions {
  readonly speed: number;
  readonly moto: RunningMoto;
  readonly log: (message: string) => void;
  /** Where the timeline goes, and the certificate of the HTTPS listeners' authority. */
  readonly directory: string;
  /** Refuse calls that come faster than AWS would take them. */
  readonly throttle: boolean;
  /** Allow calls only as the policies of their callers do. */
  readonly enforceIam: boolean;
  /** What stands in for Lambda functions. */
  readonly hooks: LocalHooks;
  /** How containers are run. */
  readonly containers: ContainerOptions;
}

/** The one endpoint: answers ECS, CodeDeploy and targets itself and passes every other call on to moto. */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly #clock: ScaledClock;
  readonly #timeline: Timeline;
  readonly #shared: Shared;
  readonly #motoCalls: MotoCalls;
  readonly #standIns: StandIns;
  readonly #regions = new Map<string, RegionServices>();
  readonly #faults = new Faults();
  /** Null where nothing is throttled. */
  readonly #throttle: Throttle | null;
  readonly #boundaries = new UserBoundaries();
  /** Null where IAM is not enforced. */
  readonly #enforcement: Enforcement | null;
  readonly #server: Server;
  #endpoint = "";
  #closed = false;

  constructor(options: GatewayOptions) {
    const { moto, log, directory } = options;
    this.#options = options;
    this.#clock = new ScaledClock(options.speed, (error) => log(`error ${detailsOf(error)}`));
    this.#timeline = new Timeline(path.join(directory, "timeline.ndjson"), this.#clock);
    this.#shared = {
      clock: this.#clock,
      motoEndpoint: moto.endpoint,
      log,
      authority: new CertificateAuthority(directory),
      hooks: options.hooks,
      containers: options.containers,
      timeline: this.#timeline,
    };
    this.#motoCalls = new MotoCalls(moto.port, log);
    this.#standIns = new StandIns(moto.port);
    this.#throttle = options.throttle ? new Throttle() : null;
    const boundaries = this.#boundaries;
    this.#enforcement = options.enforceIam
      ? new Enforcement({ motoEndpoint: moto.endpoint, log, boundaries })
      : null;
    this.#server = createServer({ keepAliveTimeout: keptAliveMs }, (message, response) => {
      this.#serve(message, response).catch((error: unknown) => {
        // A caller that hangs up in the middle of its call is nothing to tell of.
        if (!message.destroyed || message.complete) this.#tellMistake(error);
        response.destroy();
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
    const { moto, containers, enforceIam, throttle } = this.#options;
    return {
      endpoint: this.#endpoint,
      pid: process.pid,
      region: "us-east-1",
      speed: this.#clock.speed,
      held: this.#clock.held,
      throttle,
      enforceIam,
      docker: containers.images.real,
      faults: this.#faults.list(),
      moto: { version: moto.version, port: moto.port },
      listeners: regions.flatMap(listenersOf),
      clusters: regions.flatMap(clustersOf),
    };
  }

  /** Stops serving and ends everything that runs for it, moto excepted. */
  async close(): Promise<void> {
    this.#closed = true;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    this.#forgetRegions();
    this.#enforcement?.close();
    await closed;
    await this.#timeline.close();
  }

  #services(region: string): RegionServices {
    const known = this.#regions.get(region);
    if (known) return known;
    // A region that opened now would keep this process from ending.
    if (this.#closed) throw new Error("The local AWS is stopping.");
    const services = new RegionServices(region, this.#shared);
    this.#regions.set(region, services);
    return services;
  }

  #forgetRegions(): void {
    for (const services of this.#regions.values()) services.close();
    this.#regions.clear();
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    if (message.url?.startsWith(adminPath)) {
      const answer = await answerAdmin(this.#controls(), message, response);
      if (answer) send(response, answer);
      return;
    }
    const call = await readRequest(message);
    const startedAt = performance.now();
    const answer = await this.#answer(call).catch((error: unknown) => this.#ownFault(call, error));
    const told = answer === noAnswer ? null : answer;
    this.#timeline.add({ type: "call", ...tellCall(call, told, performance.now() - startedAt) });
    if (answer === noAnswer) cut(message);
    else send(response, answer);
  }

  #controls() {
    return {
      decisions: this.#enforcement?.decisions ?? null,
      clock: this.#clock,
      faults: this.#faults,
      timeline: this.#timeline,
      status: () => this.status(),
      regions: () => [...this.#regions.values()],
    };
  }

  /** A mistake of this program's own is an internal error to the caller, and told in the log. */
  #ownFault(call: ApiRequest, error: unknown): ApiResponse {
    this.#tellMistake(error);
    return internalFailure(call);
  }

  #tellMistake(error: unknown): void {
    if (!this.#closed) this.#options.log(`error ${detailsOf(error)}`);
  }

  async #answer(call: ApiRequest): Promise<ApiResponse | typeof noAnswer> {
    const refusal = refusalOfRequest(call);
    if (refusal) return refusal;
    const fault = this.#faults.next(call);
    if (!fault) return this.#answerInTurn(call);
    const { id, kind } = fault;
    this.#timeline.add({
      type: "fault",
      applied: id,
      kind,
      service: call.service,
      operation: call.operation,
    });
    return answerWithFault(fault, call, () => this.#answerInTurn(call));
  }

  async #answerInTurn(call: ApiRequest): Promise<ApiResponse> {
    const throttled = this.#throttle?.refuse(call, () => this.#services(call.region).region.state);
    if (throttled) {
      const { service, operation } = call;
      this.#timeline.add({ type: "throttled", service, operation, bucket: throttled.bucket });
      return throttled.answer;
    }
    if (!this.#enforcement) return this.#carryOut(call);
    const { state } = this.#services(call.region).region;
    return this.#enforcement.around(call, state, () => this.#carryOut(call));
  }

  async #carryOut(call: ApiRequest): Promise<ApiResponse> {
    const services = this.#services(call.region);
    if (isOwnService(call.service)) return answerOwn(services, call.service, call, this.#options.log);
    if (isAboutTargets(call)) return answerAboutTargets(services, call);
    if (call.url.startsWith(motoReset)) {
      this.#forgetRegions();
      this.#boundaries.reset();
      this.#standIns.reset();
    }
    const standIn = await this.#standIns.answer(call, services);
    if (standIn !== undefined) return standIn;
    const answer = this.#boundaries.answer(call) ?? (await this.#motoCalls.answer(call, services));
    const completed = this.#standIns.complete(call, this.#boundaries.complete(call, answer));
    return withMutualAuthentication(services, call, completed);
  }
}

function send(response: ServerResponse, { statusCode, headers, body }: ApiResponse): void {
  if (response.headersSent || response.destroyed) return;
  response.statusCode = statusCode;
  if (body.length > 0) response.setHeader("content-length", Buffer.byteLength(body));
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) response.setHeader(name, value);
  }
  response.end(body);
}
