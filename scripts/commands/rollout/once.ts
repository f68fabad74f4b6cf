import type {
  RegisterTaskDefinitionRequest,
  Service,
  TaskDefinition,
  UpdateServiceRequest,
} from "@aws-sdk/client-ecs";

import { primaryDeployment, serviceChanges } from "../../core/deployment/service-changes.ts";
import { isSameDefinition, type RegisteredRevision } from "../../core/deployment/task-definition.ts";
import { AwsCallError } from "../../core/errors.ts";
import type { Clock, EcsPort } from "../../core/ports.ts";

/**
 * Writes that must happen once although AWS knows no token for them. A 5xx or a broken connection leaves open whether
 * AWS did what was asked: then we look, and ask again only for what did not come about.
 */

interface OnceEdge {
  readonly ecs: EcsPort;
  readonly clock: Clock;
}

const tries = 8;

/** ECS's words for what surely had no effect and soon passes: two revisions of one family at once. */
const familyIsBusy = /Too many concurrent attempts to create a new revision/;

/** What AWS is still at work on when its answer gets lost shows a moment later. */
const showsWithinMs = 2_000;

/** A new revision of a family, exactly one. */
export function registerOnce(
  input: RegisterTaskDefinitionRequest,
  newestBefore: RegisteredRevision | undefined,
  { ecs, clock }: OnceEdge,
): Promise<TaskDefinition> {
  return once(
    clock,
    () => ecs.registerTaskDefinition(input),
    async () => {
      const newest = await ecs.describeTaskDefinition(input.family ?? "");
      if (newest === undefined) return undefined;
      const arn = newest.taskDefinition.taskDefinitionArn;
      if (arn === newestBefore?.taskDefinition.taskDefinitionArn) return undefined;
      return isSameDefinition(input, newest) ? newest.taskDefinition : undefined;
    },
  );
}

/** One UpdateService. */
export function updateOnce(
  input: UpdateServiceRequest,
  before: Service | undefined,
  { ecs, clock }: OnceEdge,
): Promise<Service> {
  const { cluster = "", service: name = "" } = input;
  const startsDeployment = input.taskDefinition !== undefined || input.forceNewDeployment === true;
  return once(
    clock,
    () => ecs.updateService(input),
    async () => {
      const [service] = await ecs.describeServices(cluster, [name]);
      if (service === undefined) return undefined;
      const primary = primaryDeployment(service);
      const isNew = primary?.id !== (before && primaryDeployment(before)?.id);
      if (isNew && startsDeployment) {
        const asAsked =
          input.taskDefinition === undefined || primary?.taskDefinition === input.taskDefinition;
        return asAsked ? service : undefined;
      }
      return !startsDeployment && serviceChanges(input, service).length === 0 ? service : undefined;
    },
  );
}

async function once<Answer>(
  clock: Clock,
  send: () => Promise<Answer>,
  look: () => Promise<Answer | undefined>,
): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof AwsCallError)) throw error;
      const busy = familyIsBusy.test(error.message);
      if (!busy && !error.effectUnknown) throw error;
      await clock.sleep(showsWithinMs, new AbortController().signal);
      const done = busy ? undefined : await look();
      if (done !== undefined) return done;
      if (attempt === tries) throw error;
    }
  }
}
