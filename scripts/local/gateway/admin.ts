/**
 * The admin interface: everything below `/_slipway/`, in JSON.
 */
import type { IncomingMessage, ServerResponse } from "node:http";

import * as z from "zod";

import { longestStepSeconds, speeds, type ScaledClock } from "../clock.ts";
import { faultRequest } from "../faults/fault.ts";
import type { Faults } from "../faults/faults.ts";
import type { Decisions } from "../iam/decisions.ts";
import type { Timeline } from "../timeline/timeline.ts";
import { killTask } from "./kill.ts";
import type { RegionServices } from "./region-services.ts";
import { readBody, type ApiResponse } from "./request.ts";
import { tasksOf, type Status } from "./status.ts";
import { answerTimeline } from "./timeline-answer.ts";

/** The admin interface is below this path, and nothing else is. */
export const adminPath = "/_slipway/";

/** What the admin interface shows and turns. */
export interface Controls {
  readonly clock: ScaledClock;
  readonly faults: Faults;
  readonly timeline: Timeline;
  /** Null where IAM is not enforced. */
  readonly decisions: Decisions | null;
  status(): Status;
  regions(): readonly RegionServices[];
}

interface AdminRequest {
  readonly url: URL;
  readonly message: IncomingMessage;
  readonly response: ServerResponse;
}

/** Answers a request of one path; undefined when it has written the answer itself. */
type Route = (controls: Controls, request: AdminRequest) => unknown;

/** What a request of the admin interface did wrong. */
class AdminError extends Error {
  override readonly name = "AdminError";
  readonly statusCode: number;

  constructor(message: string, statusCode = 400, options?: ErrorOptions) {
    super(message, options);
    this.statusCode = statusCode;
  }
}

/** In bytes; no request of this interface comes near it. */
const largestBody = 64 * 1024;

const killRequest = z.strictObject({ task: z.string().min(1) });

const timeRequest = z.discriminatedUnion("action", [
  z.strictObject({ action: z.literal("hold") }),
  z.strictObject({ action: z.literal("resume") }),
  z.strictObject({ action: z.literal("step"), seconds: z.number().positive().max(longestStepSeconds) }),
  z.strictObject({ action: z.literal("speed"), speed: z.number().min(speeds.slowest).max(speeds.fastest) }),
]);

/** By method and path below `adminPath`. */
const routes: Readonly<Record<string, Route>> = {
  "GET status": (controls) => controls.status(),
  "GET tasks": (controls) => ({ tasks: controls.regions().flatMap(tasksOf) }),
  "POST kill": async (controls, request) => {
    const { task } = await bodyOf(request, killRequest);
    const killed = controls.regions().some((services) => killTask(services, task));
    if (!killed) throw new AdminError(`No task ${task} runs.`, 404);
    controls.timeline.add({ type: "fault", killed: task });
    return { killed: task };
  },
  "GET faults": ({ faults }) => ({ faults: faults.list() }),
  "POST faults": async ({ faults, timeline }, request) => {
    const fault = faults.add(await bodyOf(request, faultRequest));
    timeline.add({ type: "fault", added: fault });
    return { fault };
  },
  "DELETE faults": ({ faults, timeline }, { url }) => {
    const id = url.searchParams.get("id");
    const removed = faults.remove(id === null ? undefined : Number(id));
    if (id !== null && removed === 0) throw new AdminError(`There is no fault ${id}.`, 404);
    if (removed > 0) timeline.add({ type: "fault", removed: id === null ? "all" : Number(id) });
    return { removed };
  },
  "GET permissions": (controls) => ({ permissions: enforced(controls).list() }),
  "DELETE permissions": (controls) => {
    enforced(controls).forget();
    return { permissions: [] };
  },
  "GET time": ({ clock }) => time(clock),
  "POST time": async ({ clock, timeline }, request) => {
    const asked = await bodyOf(request, timeRequest);
    if (asked.action === "hold") clock.hold();
    else if (asked.action === "resume") clock.resume();
    else if (asked.action === "speed") clock.setSpeed(asked.speed);
    else await clock.step(asked.seconds * 1000);
    timeline.add({ type: "time", ...asked });
    return time(clock);
  },
  "GET timeline": ({ timeline }, { url, response }) => {
    const since = url.searchParams.get("since") ?? "0";
    if (!/^\d+$/.test(since)) throw new AdminError(`since is "${since}", but must be a whole number.`);
    answerTimeline(timeline, url, response);
    return undefined;
  },
};

function enforced({ decisions }: Controls): Decisions {
  if (decisions === null) {
    throw new AdminError("IAM is not enforced. Start the local AWS with --enforce-iam.", 409);
  }
  return decisions;
}

function time(clock: ScaledClock): { seconds: number; held: boolean; speed: number } {
  return { seconds: clock.now() / 1000, held: clock.held, speed: clock.speed };
}

/** Answers a request below `adminPath`. @returns undefined when the answer is written as it comes */
export async function answerAdmin(
  controls: Controls,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<ApiResponse | undefined> {
  const url = new URL(message.url ?? "/", "http://localhost");
  const name = `${message.method ?? "GET"} ${url.pathname.slice(adminPath.length)}`;
  const route = routes[name];
  try {
    if (!route) {
      const known = Object.keys(routes).map((path) => path.replace(" ", ` ${adminPath}`));
      throw new AdminError(
        `There is no ${message.method ?? "GET"} ${url.pathname}; there are ${known.join(", ")}.`,
        404,
      );
    }
    const content = await route(controls, { url, message, response });
    return content === undefined ? undefined : answer(200, content);
  } catch (error) {
    if (!(error instanceof AdminError)) throw error;
    return answer(error.statusCode, { message: error.message });
  }
}

function answer(statusCode: number, content: unknown): ApiResponse {
  return {
    statusCode,
    headers: { "content-type": "application/json" },
    body: `${JSON.stringify(content)}\n`,
  };
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch (cause) {
    throw new AdminError("The body is not JSON.", 400, { cause });
  }
}

async function bodyOf<Schema extends z.ZodType>(
  { message }: AdminRequest,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const { body, tooLarge } = await readBody(message, largestBody);
  if (tooLarge) throw new AdminError(`The body is larger than ${largestBody} bytes.`, 413);
  const parsed = schema.safeParse(jsonOf(body));
  if (parsed.success) return parsed.data;
  const mistakes = parsed.error.issues.map(
    ({ path, message: text }) => `${path.join(".") || "body"}: ${text}`,
  );
  throw new AdminError(mistakes.join("; "));
}
