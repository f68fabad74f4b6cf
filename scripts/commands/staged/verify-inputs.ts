import { activeOf } from "../../core/staged/find.ts";
import type { RunContext } from "../run-context.ts";
import type { BothInputs, StagedInputs } from "../templates/both-inputs.ts";
import { namesImage, withRunningImage } from "../templates/running-image.ts";
import { observeApplication } from "./observe.ts";

/**
 * The inputs as `./deploy verify` looks at them: a new service, under the name that it would get, without what
 * `./deploy stage` itself makes before it, which are the target group and the application's role.
 *
 * @throws InvalidInputError where CONTAINER_VERSION is not set and no deployment is active, or AwsCallError
 */
export async function inputsToVerify(
  inputs: BothInputs,
  { service, hasOwnRole }: StagedInputs,
  context: RunContext,
): Promise<BothInputs> {
  const active = namesImage(inputs) ? activeOf(await observeApplication(service, context)) : undefined;
  const arn = active?.service?.taskDefinition;
  const running = arn === undefined ? undefined : await context.ecs.describeTaskDefinition(arn);
  const { taskDefinition, create, ...rest } = withRunningImage(inputs, running?.taskDefinition);
  const { taskRoleArn, ...withoutRole } = taskDefinition;
  const { loadBalancers: _made, ...settings } = create ?? { serviceName: inputs.serviceName };
  return {
    ...rest,
    serviceName: settings.serviceName ?? inputs.serviceName,
    taskDefinition: hasOwnRole || taskRoleArn === undefined ? withoutRole : taskDefinition,
    create: settings,
  };
}
