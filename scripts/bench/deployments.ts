import {
  CodeDeployClient,
  CreateApplicationCommand,
  CreateDeploymentCommand,
  CreateDeploymentGroupCommand,
  GetDeploymentCommand,
} from "@aws-sdk/client-codedeploy";
import {
  DescribeServiceDeploymentsCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
  ListTasksCommand,
  UpdateServiceCommand,
  type DeploymentConfiguration,
} from "@aws-sdk/client-ecs";
import { retry } from "zx";

import type { LocalProcess } from "./local-process.ts";
import { createService, productionPath, register, untilSteady, type Site } from "./site.ts";

/** A way to bring a new image into service. */
export interface Way {
  readonly name: string;
  /** The path that the load asks for: it decides which rule of the listener it meets. */
  readonly path: string;
  /** Brings the service up with an image. */
  readonly create: (site: Site, image: string) => Promise<void>;
  /** Deploys the next image and waits until that is over. */
  readonly deploy: (site: Site, image: string) => Promise<void>;
}

const roleArn = "arn:aws:iam::123456789012:role/bench";

/** Every way in which ECS changes a service's image under traffic. */
export function waysToDeploy({ settings }: LocalProcess): Way[] {
  const ecs = new ECSClient(settings);
  return [
    {
      name: "a rolling update",
      path: "/",
      create: (site, image) => createService(ecs, site, image),
      deploy: async (site, image) => {
        await update(ecs, site, image);
        await untilSteady(ecs, site);
      },
    },
    native(ecs, "a native blue/green deployment", { strategy: "BLUE_GREEN", bakeTimeInMinutes: 1 }),
    native(ecs, "a native canary deployment", {
      strategy: "CANARY",
      bakeTimeInMinutes: 1,
      canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: 2 },
    }),
    codeDeploy(ecs, new CodeDeployClient(settings)),
  ];
}

/** A task that is killed without being drained: what the measurement must see. */
export function killOneTask(local: LocalProcess): Way {
  const ecs = new ECSClient(local.settings);
  return {
    name: "one task of four killed, not drained",
    path: "/",
    create: (site, image) => createService(ecs, site, image),
    deploy: async (site) => {
      const { taskArns } = await ecs.send(new ListTasksCommand({ cluster: "test", serviceName: site.name }));
      const body = JSON.stringify({ task: taskArns?.[0] });
      const headers = { "content-type": "application/json" };
      await fetch(`${local.endpoint}/_slipway/kill`, { method: "POST", headers, body });
      await untilSteady(ecs, site);
    },
  };
}

async function update(
  ecs: ECSClient,
  site: Site,
  image: string,
  deploymentConfiguration?: DeploymentConfiguration,
): Promise<void> {
  const taskDefinition = await register(ecs, site, image);
  await ecs.send(
    new UpdateServiceCommand({
      cluster: "test",
      service: site.name,
      taskDefinition,
      ...(deploymentConfiguration && { deploymentConfiguration }),
    }),
  );
}

function native(ecs: ECSClient, name: string, deploymentConfiguration: DeploymentConfiguration): Way {
  return {
    name,
    path: productionPath,
    create: (site, image) =>
      createService(ecs, site, image, {
        deploymentConfiguration,
        loadBalancers: [
          {
            targetGroupArn: site.targetGroupArns[0],
            containerName: "web",
            containerPort: 80,
            advancedConfiguration: {
              alternateTargetGroupArn: site.targetGroupArns[1],
              productionListenerRule: site.productionRuleArn,
              roleArn,
            },
          },
        ],
      }),
    deploy: async (site, image) => {
      await update(ecs, site, image);
      await retry(1200, "100ms", async () => {
        const status = await latestStatus(ecs, site);
        if (status !== "SUCCESSFUL") throw new Error(`${name} is ${status}`);
      });
    },
  };
}

async function latestStatus(ecs: ECSClient, { name }: Site): Promise<string> {
  const { serviceDeployments } = await ecs.send(
    new ListServiceDeploymentsCommand({ cluster: "test", service: name }),
  );
  const serviceDeploymentArns = [serviceDeployments?.[0]?.serviceDeploymentArn ?? ""];
  const described = await ecs.send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns }));
  return described.serviceDeployments?.[0]?.status ?? "";
}

function codeDeploy(ecs: ECSClient, client: CodeDeployClient): Way {
  return {
    name: "a CodeDeploy deployment",
    path: "/",
    create: async (site, image) => {
      await createService(ecs, site, image, { deploymentController: { type: "CODE_DEPLOY" } });
      await client.send(new CreateApplicationCommand({ applicationName: site.name, computePlatform: "ECS" }));
      await client.send(
        new CreateDeploymentGroupCommand({
          applicationName: site.name,
          deploymentGroupName: site.name,
          serviceRoleArn: roleArn,
          deploymentConfigName: "CodeDeployDefault.ECSCanary10Percent5Minutes",
          deploymentStyle: { deploymentType: "BLUE_GREEN", deploymentOption: "WITH_TRAFFIC_CONTROL" },
          ecsServices: [{ clusterName: "test", serviceName: site.name }],
          blueGreenDeploymentConfiguration: {
            deploymentReadyOption: { actionOnTimeout: "CONTINUE_DEPLOYMENT" },
            terminateBlueInstancesOnDeploymentSuccess: {
              action: "TERMINATE",
              terminationWaitTimeInMinutes: 1,
            },
          },
          loadBalancerInfo: {
            targetGroupPairInfoList: [
              {
                targetGroups: [{ name: `${site.name}-1` }, { name: `${site.name}-2` }],
                prodTrafficRoute: { listenerArns: [site.listenerArn] },
              },
            ],
          },
        }),
      );
    },
    deploy: async (site, image) => {
      const taskDefinition = await register(ecs, site, image);
      const properties = {
        TaskDefinition: taskDefinition,
        LoadBalancerInfo: { ContainerName: "web", ContainerPort: 80 },
      };
      const resource = { TargetService: { Type: "AWS::ECS::Service", Properties: properties } };
      const content = JSON.stringify({ version: "0.0", Resources: [resource] });
      const { deploymentId } = await client.send(
        new CreateDeploymentCommand({
          applicationName: site.name,
          deploymentGroupName: site.name,
          revision: { revisionType: "AppSpecContent", appSpecContent: { content } },
        }),
      );
      await retry(1200, "100ms", async () => {
        const { deploymentInfo } = await client.send(new GetDeploymentCommand({ deploymentId }));
        const status = deploymentInfo?.status ?? "";
        if (status !== "Succeeded") throw new Error(`${deploymentId ?? ""} is ${status}`);
      });
    },
  };
}
