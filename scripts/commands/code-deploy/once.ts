import type { CreateDeploymentGroupInput } from "@aws-sdk/client-codedeploy";

import { AwsCallError } from "../../core/errors.ts";
import type { Clock } from "../../core/ports.ts";
import type { CodeDeployPort, CodeDeployRequest } from "../../core/ports/code-deploy.ts";

/** Writes that must happen once although CodeDeploy knows no token for them: what is unclear is looked up. */

interface OnceEdge {
  readonly port: CodeDeployPort;
  readonly clock: Clock;
}

const tries = 8;
/** What AWS is still at work on when its answer gets lost shows a moment later. */
const showsWithinMs = 2_000;
const lookBack = 5;

/**
 * One deployment, found again by its description where the answer was lost.
 *
 * @returns its id
 */
export async function deployOnce(request: CodeDeployRequest, { port, clock }: OnceEdge): Promise<string> {
  const look = async (): Promise<string | undefined> => {
    const ids = await port.list(request.application, request.group, { limit: lookBack });
    const found = await port.describe(ids);
    return found.find(({ description }) => description === request.description)?.deploymentId;
  };
  let unclear = false;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await port.create(request);
    } catch (error) {
      if (!(error instanceof AwsCallError)) throw error;
      const occupied = error.code === "DeploymentLimitExceededException";
      if (!occupied && !error.effectUnknown) throw error;
      unclear ||= error.effectUnknown;
      if (!occupied) await pause(clock);
      let done = await look();
      // What occupies the group is most likely ours, of which the answer was lost: it may be listed late.
      for (let again = 1; occupied && unclear && done === undefined && again < tries; again += 1) {
        await pause(clock);
        done = await look();
      }
      if (done !== undefined) return done;
      if (occupied || attempt === tries) throw error;
    }
  }
}

/** Lets a deployment move its traffic; one that somebody has approved already, or that has ended, is left as it is. */
export async function approveOnce(id: string, { port }: OnceEdge): Promise<void> {
  await unlessOver(() => port.approve(id), ["DeploymentIsNotInReadyStateException"]);
}

/** Stops a deployment; one that has ended is left as it is. */
export async function stopOnce(id: string, { port }: OnceEdge): Promise<void> {
  await unlessOver(() => port.stopAndRollBack(id), []);
}

async function unlessOver(write: () => Promise<void>, codes: readonly string[]): Promise<void> {
  try {
    await write();
  } catch (error) {
    const over = ["DeploymentAlreadyCompletedException", ...codes];
    if (!(error instanceof AwsCallError) || !over.includes(error.code)) throw error;
  }
}

/** A group for a service that was just made, which AWS may not find yet. */
export async function makeGroupOnce(
  input: CreateDeploymentGroupInput,
  { port, clock }: OnceEdge,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await port.createGroup(input);
      return;
    } catch (error) {
      if (!(error instanceof AwsCallError)) throw error;
      // A try whose answer was lost had made it.
      if (error.code === "DeploymentGroupAlreadyExistsException") return;
      const notSeenYet = error.code === "InvalidECSServiceException" && /not found/i.test(error.message);
      if (!notSeenYet || attempt === tries) throw error;
      await pause(clock);
    }
  }
}

async function pause(clock: Clock): Promise<void> {
  await clock.sleep(showsWithinMs, new AbortController().signal);
}
