import type { Part } from "../world/part.ts";
import { advance, stopOnAlarm } from "./advance.ts";
import { isActive } from "./create.ts";

/** CodeDeploy's deployments: each goes on when it is due, or when one of its alarms changes. */
export const codeDeployPart: Part = {
  nextDue({ codedeploy }) {
    let due = Infinity;
    for (const { nextStepAt } of Object.values(codedeploy.deployments)) {
      if (nextStepAt !== null && nextStepAt < due) due = nextStepAt;
    }
    return due;
  },
  happen(transaction, before) {
    const { state, now } = transaction;
    for (const { id, nextStepAt } of Object.values(before.codedeploy.deployments)) {
      const deployment =
        nextStepAt !== null && nextStepAt <= now ? state.codedeploy.deployments[id] : undefined;
      if (deployment) advance(transaction, deployment);
    }
  },
  alarmsChanged(transaction, names) {
    const { state } = transaction;
    for (const deployment of Object.values(state.codedeploy.deployments)) {
      const own = (deployment.alarms?.alarms ?? []).map(({ name }) => name ?? "");
      const concerned = isActive(deployment) && deployment.nextStepAt !== null;
      if (concerned && own.some((name) => names.includes(name))) stopOnAlarm(transaction, deployment);
    }
  },
};
