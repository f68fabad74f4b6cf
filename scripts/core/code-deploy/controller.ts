import type { DeploymentControllerType, Service } from "@aws-sdk/client-ecs";

import { RefusedError } from "../errors.ts";
import { primaryDeployment } from "../deployment/service-changes.ts";
import { revisionName } from "../deployment/task-definition.ts";
import { runningRevision } from "./task-sets.ts";

/**
 * Refuses to give a service that exists another deployment controller, and says how it is done safely.
 *
 * @param wanted the template's; nothing is refused where it names none
 * @see https://aws.amazon.com/blogs/containers/migrating-from-aws-codedeploy-to-amazon-ecs-for-blue-green-deployments
 */
export function refuseOtherController(
  {
    name,
    serviceName,
    cluster,
  }: { readonly name: string; readonly serviceName: string; readonly cluster: string },
  service: Service,
  wanted: DeploymentControllerType | undefined,
): void {
  const has = service.deploymentController?.type ?? "ECS";
  if (wanted === undefined || wanted === has) return;
  const runs = primaryDeployment(service)?.taskDefinition ?? runningRevision(service);
  const inPlace =
    has === "CODE_DEPLOY" && wanted === "ECS"
      ? [
          "AWS also moves it in place, while no deployment is under way; how its load balancers are then deployed is ECS's matter from that moment on:",
          `  aws ecs update-service --cluster ${cluster} --service ${serviceName} --deployment-controller type=ECS`,
        ]
      : [];
  throw new RefusedError(
    [
      `Service ${serviceName} in cluster ${cluster} has deployment controller ${has}, and the template asks for ${wanted}. ./deploy update changes that on no existing service. Nothing was changed.${runs === undefined ? "" : ` It runs ${revisionName(runs)}.`}`,
      "The safe way is a second service beside it, then a switch of the traffic:",
      `  1. Copy the templates to ${name}-2, with serviceName ${serviceName}-2 and ${wanted}${wanted === "CODE_DEPLOY" ? `; give environments.jsonc services.${name}-2.blueGreen by "codeDeploy" and run npx cdktf deploy` : " and a target group of its own"}.`,
      `  2. CONTAINER_VERSION=<image> ./deploy create ${name}-2`,
      `  3. Let the host's rule forward to the new target group: aws elbv2 modify-rule --rule-arn <rule> --actions Type=forward,TargetGroupArn=<new>`,
      `  4. Once nothing goes to the old one: ./deploy delete ${name}`,
      ...inPlace,
      "To stay as it is, put deploymentController of the template back.",
    ].join("\n"),
  );
}
