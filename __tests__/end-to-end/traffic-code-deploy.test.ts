import { startsAfter } from "../../scripts/local/codedeploy/durations.ts";
import { canaryUnderTraffic } from "../helpers/approved-canary.ts";

// The example's group waits for approval, and keeps the old tasks for five minutes.
canaryUnderTraffic({
  by: "codedeploy",
  first: [["create", "hello"]],
  update: ["update", "hello", "--deployment-config", "CodeDeployDefault.ECSCanary10Percent5Minutes"],
  // The rollback is a deployment of its own, which CodeDeploy alone begins.
  backWithin: { says: "as soon as CodeDeploy begins its rollback", ms: startsAfter + 3000 },
});
