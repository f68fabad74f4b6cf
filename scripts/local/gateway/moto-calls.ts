import { arnsIn } from "../elb/sync.ts";
import { correctAnswer } from "./moto-corrections.ts";
import { errorAnswer, internalFailure } from "./error-answer.ts";
import { forwardTo } from "./forward.ts";
import { refusalOfRecords, withUpserts } from "./record-sets.ts";
import { beforeScalingCall } from "./scaling-policies.ts";
import { afterRegistration, refusalOfTarget } from "./scalable-targets.ts";
import { answerForTwin } from "./made-twice.ts";
import { withPrivateZone } from "./private-zones.ts";
import type { RegionServices, Aspect } from "./region-services.ts";
import type { ApiRequest, ApiResponse } from "./request.ts";
import { withWholePages } from "./whole-pages.ts";

const reads = /^(Describe|List|Get)/;

/** Services in which the state itself changes things. */
const shifted: ReadonlySet<string> = new Set(["elasticloadbalancing", "autoscaling"]);

/** What a call to moto may have changed that the state copies. */
function changedAspects({ service, operation }: ApiRequest): Aspect[] {
  if (operation === null || reads.test(operation)) return [];
  if (service === "elasticloadbalancing") return ["routing"];
  if (service === "autoscaling") return ["hosts"];
  if (service === "monitoring") return /Alarm/.test(operation) ? ["alarms"] : [];
  if (service === "events") return /Rule|Targets/.test(operation) ? ["rules"] : [];
  return service === "ec2" && /Instances$|LaunchTemplate/.test(operation) ? ["hosts"] : [];
}

/** Moto works on several calls at once, and two that number the versions of one parameter must not meet. */
function writesParameters({ service, operation }: ApiRequest): boolean {
  return service === "ssm" && operation !== null && /^(Put|Delete|Label)/.test(operation);
}

/** Passes calls on to moto, and keeps the state in step with what they change there. */
export class MotoCalls {
  readonly #port: number;
  readonly #log: (message: string) => void;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(port: number, log: (message: string) => void) {
    this.#port = port;
    this.#log = log;
  }

  /** Answers a call with moto's answer, once the state shows what it changed. */
  answer(call: ApiRequest, services: RegionServices): Promise<ApiResponse> {
    const aspects = changedAspects(call);
    if (aspects.length === 0 && !writesParameters(call)) return this.#forwardUnlessRefused(call, services);
    // One change at a time: what is read after one must not vanish under the next, half read.
    const turn = this.#turn.then(async () => {
      const twin = await answerForTwin(this.#port, call, services);
      if (twin) return twin;
      const answer = await this.#forward(call);
      if (answer.statusCode < 400) {
        for (const aspect of aspects) await services.synchronize(aspect, arnsIn(call.form));
      }
      return answer;
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #forwardUnlessRefused(call: ApiRequest, services: RegionServices): Promise<ApiResponse> {
    // A deployment that is over has moved its traffic: whoever saw the one sees the other.
    if (shifted.has(call.service ?? "")) await services.told;
    const answer =
      (await refusalOfTarget(this.#port, call, services.region.state)) ??
      (await refusalOfRecords(this.#port, call)) ??
      (await beforeScalingCall(this.#port, call)) ??
      (await this.#forward(call));
    await afterRegistration(this.#port, call, answer, services.region);
    return answer;
  }

  async #askMoto(call: ApiRequest): Promise<ApiResponse> {
    const asked = withPrivateZone(withUpserts(withWholePages(call)));
    return correctAnswer(this.#port, call, await forwardTo(this.#port, asked));
  }

  async #forward(call: ApiRequest): Promise<ApiResponse> {
    const name = `${call.service ?? "unsigned"} ${call.operation ?? `${call.method} ${call.url.split("?")[0] ?? ""}`}`;
    const answer = await this.#askMoto(call).catch((error: unknown) => {
      this.#log(`${name}: moto does not answer: ${String(error)}`);
      return null;
    });
    if (!answer) return internalFailure(call, `moto does not answer ${name}; ./local logs says more.`);
    // S3 says in an answer without a body that there is no such bucket or object.
    if (call.method === "HEAD" && answer.statusCode < 500) return answer;
    // Moto's own words are HTML, which no AWS API speaks.
    if (!String(answer.headers["content-type"]).startsWith("text/html")) return answer;
    if (answer.statusCode === 404 || answer.statusCode === 501) {
      this.#log(`${name}: not implemented`);
      return unknownOperation(call);
    }
    if (answer.statusCode < 500) return answer;
    this.#log(`${name}: moto failed; its log says why`);
    return internalFailure(call, `moto could not answer ${name}; its log says why.`);
  }
}

/** What AWS answers for an operation that a service does not have: JSON protocols give no message. */
export function unknownOperation(call: ApiRequest): ApiResponse {
  const json = "UnknownOperationException";
  const version = call.form.get("Version");
  return errorAnswer(call, {
    code: { json, restJson: json, query: "InvalidAction", ec2: "InvalidAction", s3: "MethodNotAllowed" },
    statusCode: { json: 400, restJson: 404, query: 400, ec2: 400, s3: 405 },
    message:
      version === null ? "" : `Could not find operation ${call.operation ?? ""} for version ${version}`,
  });
}
