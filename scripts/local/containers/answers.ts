/**
 * What a container of the catalogue answers.
 */
import type { IncomingMessage, ServerResponse } from "node:http";

import type { Clock } from "../clock.ts";
import { isSickAt } from "./catalogue.ts";
import type { StartContainer } from "./runner.ts";

/** Answers one request. */
type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const healthCheckers = /^(ELB-HealthChecker|Slipway-HealthCheck)\//;

/**
 * Makes the answers of a container: its image's reference, unless its behaviour wants another answer, or a later one.
 * `/_container` tells about the container in JSON, and is always well.
 *
 * @param masked names of its variables that are secrets
 */
export function answerer(container: StartContainer, clock: Clock, masked: readonly string[]): Answer {
  const { image, taskId, behaviour } = container;
  const name = { "x-image": image, "x-task-id": taskId };
  const page = (statusCode: number, text: string): Answer => {
    const body = Buffer.from(text);
    const headers = { ...name, "content-type": "text/plain; charset=utf-8", "content-length": body.length };
    return (_request, response) => {
      response.writeHead(statusCode, headers);
      response.end(body);
    };
  };
  const by = `answered by ${container.container} of task ${taskId} (${container.family}:${container.revision})\n`;
  const well = page(200, `${image}\n${by}`);
  const sick = page(503, `${image}\n${by}`);
  const broken = page(500, `${image}\n${by}`);
  const about = Buffer.from(`${JSON.stringify(aboutOf(container, masked))}\n`);
  const mayErr = errors(behaviour.errorShare);

  const choose = (request: IncomingMessage): Answer => {
    const seconds = (clock.now() - container.startedAt) / 1000;
    if (isSickAt(behaviour, seconds)) return sick;
    if (behaviour.errorShare === 0 || seconds < behaviour.errorsAfterSeconds) return well;
    if (healthCheckers.test(request.headers["user-agent"] ?? "")) return well;
    return mayErr() ? broken : well;
  };
  const plain = behaviour.errorShare === 0 && behaviour.unhealthyAfterSeconds === null;
  return (request, response) => {
    request.resume();
    if (request.url?.startsWith("/_container") === true) {
      response.writeHead(200, { ...name, "content-type": "application/json" });
      response.end(about);
      return;
    }
    const answer = plain ? well : choose(request);
    if (behaviour.latencySeconds === 0) answer(request, response);
    else {
      const callOff = clock.at(clock.now() + behaviour.latencySeconds * 1000, () => {
        answer(request, response);
      });
      response.once("close", callOff);
    }
  };
}

/** Spreads errors evenly: of 10 requests in a row with a share of 0.2, two. */
function errors(share: number): () => boolean {
  let owed = 0;
  return () => {
    owed += share;
    if (owed < 1 - 1e-9) return false;
    owed -= 1;
    return true;
  };
}

function aboutOf(container: StartContainer, masked: readonly string[]): object {
  return {
    image: container.image,
    taskId: container.taskId,
    container: container.container,
    family: container.family,
    revision: container.revision,
    command: container.command,
    environment: {
      ...container.environment,
      ...Object.fromEntries(masked.map((variable) => [variable, "********"])),
    },
  };
}
