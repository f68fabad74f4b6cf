import type { DeploymentTarget, ECSTaskSet } from "@aws-sdk/client-codedeploy";
import type { Service } from "@aws-sdk/client-ecs";

import { replacementOf } from "../../core/code-deploy/replacement.ts";
import type { DeploymentEventBody } from "../../core/events.ts";

type Emit = (event: DeploymentEventBody) => void;

/** Tells what looks at a deployment show, each thing once. */
export interface Story {
  /** @returns whether there was anything new */
  tell(target: DeploymentTarget | undefined, service: Service | undefined): boolean;
}

interface Subject {
  readonly service: string;
  readonly deploymentId: string;
  /** The service before the deployment: what is in its log is not this story. */
  readonly before?: Service;
  /** It was stopped, so that how far it came is no news; where its traffic goes is. */
  readonly awaitsRollback?: boolean;
}

/** A story that begins after what `before` shows. */
export function storyOf({ service: name, deploymentId, before, awaitsRollback }: Subject, emit: Emit): Story {
  const subject = { service: name, deploymentId };
  const seenEvents = new Set((before?.events ?? []).flatMap(({ id }) => id ?? []));
  const statuses = new Map<string, string>();
  let production = 0;
  let counts = "";
  return {
    tell: (target, service) => {
      let news = false;
      const told = (event: DeploymentEventBody): void => {
        news = true;
        emit(event);
      };
      for (const { id, message } of [...(service?.events ?? [])].reverse()) {
        if (id === undefined || message === undefined || seenEvents.has(id)) continue;
        seenEvents.add(id);
        told({ type: "serviceEvent", service: subject.service, message });
      }
      const { lifecycleEvents = [], taskSetsInfo = [] } = target?.ecsTarget ?? {};
      for (const { lifecycleEventName: stage = "?", status = "Unknown" } of lifecycleEvents) {
        if (status === "Pending" || statuses.get(stage) === status) continue;
        statuses.set(stage, status);
        if (awaitsRollback === true) continue;
        told({ type: "lifecycle", ...subject, stage, status });
        if (stage === "AllowTestTraffic" && status === "Succeeded") {
          told({ type: "trafficShifted", ...subject, of: "test", percent: 100 });
        }
      }
      const green = replacementOf(target);
      const percent = green?.trafficWeight ?? production;
      if (percent !== production) {
        production = percent;
        told({ type: "trafficShifted", ...subject, of: "production", percent });
      }
      const now = green === undefined ? undefined : countsOf(green, taskSetsInfo);
      if (awaitsRollback !== true && now !== undefined && JSON.stringify(now) !== counts) {
        counts = JSON.stringify(now);
        told({ type: "progress", ...subject, ...now });
      }
      return news;
    },
  };
}

function countsOf(green: ECSTaskSet, all: readonly ECSTaskSet[]) {
  return {
    desired: green.desiredCount ?? 0,
    running: green.runningCount ?? 0,
    pending: green.pendingCount ?? 0,
    failed: 0,
    replacedRunning: all
      .filter((one) => one !== green)
      .reduce((sum, { runningCount }) => sum + (runningCount ?? 0), 0),
  };
}
