import {
  CreateServiceCommand,
  DescribeServicesCommand,
  RegisterTaskDefinitionCommand,
} from "@aws-sdk/client-ecs";
import {
  AddTagsCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DescribeTargetHealthCommand,
  ModifyTargetGroupAttributesCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";

import { stagedTags } from "../../scripts/core/staged/model.ts";
import { familyName, stagedServiceName, targetGroupName } from "../../scripts/core/staged/names.ts";
import type { MoveWorld } from "./move-world.ts";

/** A deployment to stage. */
export interface ToStage {
  readonly application: string;
  /** 12 letters or digits; later ones sort later. */
  readonly id: string;
  readonly image: string;
  readonly tasks?: number;
  /** Names of alarms of its template. */
  readonly alarmNames?: readonly string[];
}

/** A deployment that stands. */
export interface Standing extends ToStage {
  readonly targetGroupArn: string;
  readonly serviceName: string;
  readonly revision: string;
}

let priority = 1000;

/** Stages a deployment by calls of the API alone, just as `./deploy stage` leaves one: without a run for each. */
export async function stageDirectly(world: MoveWorld, toStage: ToStage): Promise<Standing> {
  const { application, id, image, tasks = 2, alarmNames = [] } = toStage;
  const { ecs, elb } = world;
  const owner = { environment: "test", application };
  const { taskDefinition } = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: familyName(owner),
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: "256",
      memory: "512",
      containerDefinitions: [{ name: "app", image, portMappings: [{ containerPort: 80 }] }],
    }),
  );
  const revision = `${taskDefinition?.family ?? ""}:${taskDefinition?.revision ?? ""}`;
  const tags = {
    [stagedTags.environment]: "test",
    [stagedTags.application]: application,
    [stagedTags.deployment]: id,
    [stagedTags.version]: image.slice(image.indexOf(":") + 1),
    [stagedTags.revision]: revision,
  };
  const tagList = (all: Readonly<Record<string, string>>) =>
    Object.entries(all).map(([Key, Value]) => ({ Key, Value }));
  const { TargetGroups: [group] = [] } = await elb.send(
    new CreateTargetGroupCommand({
      Name: targetGroupName(owner, id),
      TargetType: "ip",
      Protocol: "HTTP",
      Port: 80,
      VpcId: world.vpcId,
      HealthCheckIntervalSeconds: 5,
      HealthyThresholdCount: 2,
      UnhealthyThresholdCount: 2,
      HealthCheckTimeoutSeconds: 2,
      Tags: tagList(tags),
    }),
  );
  const targetGroupArn = group?.TargetGroupArn ?? "";
  await elb.send(
    new ModifyTargetGroupAttributesCommand({
      TargetGroupArn: targetGroupArn,
      Attributes: [{ Key: "deregistration_delay.timeout_seconds", Value: "10" }],
    }),
  );
  priority += 1;
  await elb.send(
    new CreateRuleCommand({
      ListenerArn: world.listenerArn,
      Priority: priority,
      Conditions: [{ Field: "host-header", Values: [`${id}.stage.example.com`] }],
      Actions: [{ Type: "forward", TargetGroupArn: targetGroupArn }],
      Tags: tagList({ ...tags, [stagedTags.route]: "stage" }),
    }),
  );
  await world.record(`${id}.stage.example.com`);
  const serviceName = stagedServiceName(owner, id);
  await ecs.send(
    new CreateServiceCommand({
      cluster: "test",
      serviceName,
      taskDefinition: taskDefinition?.taskDefinitionArn,
      desiredCount: tasks,
      launchType: "FARGATE",
      networkConfiguration: { awsvpcConfiguration: { subnets: [...world.subnets] } },
      loadBalancers: [{ targetGroupArn, containerName: "app", containerPort: 80 }],
      ...(alarmNames.length === 0
        ? {}
        : {
            deploymentConfiguration: {
              alarms: { alarmNames: [...alarmNames], enable: true, rollback: false },
            },
          }),
    }),
  );
  const standing = { ...toStage, targetGroupArn, serviceName, revision };
  await untilWell(world, standing, tasks);
  await elb.send(
    new AddTagsCommand({
      ResourceArns: [targetGroupArn],
      Tags: tagList({ [stagedTags.stagedAt]: new Date().toISOString() }),
    }),
  );
  return standing;
}

/** Waits until the service is steady and has so many healthy targets. */
export async function untilWell(
  { ecs, elb }: MoveWorld,
  { serviceName, targetGroupArn }: Pick<Standing, "serviceName" | "targetGroupArn">,
  tasks: number,
): Promise<void> {
  for (let turn = 0; turn < 1200; turn += 1) {
    const [{ services: [service] = [] }, { TargetHealthDescriptions = [] }] = await Promise.all([
      ecs.send(new DescribeServicesCommand({ cluster: "test", services: [serviceName] })),
      elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn })),
    ]);
    const healthy = TargetHealthDescriptions.filter(({ TargetHealth }) => TargetHealth?.State === "healthy");
    const [deployment] = service?.deployments ?? [];
    if (healthy.length >= tasks && deployment?.rolloutState === "COMPLETED") return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${serviceName} did not become well within a minute.`);
}
