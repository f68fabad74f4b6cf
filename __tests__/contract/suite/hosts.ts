import { CreateAutoScalingGroupCommand, DeleteAutoScalingGroupCommand } from "@aws-sdk/client-auto-scaling";
import {
  CreateLaunchTemplateCommand,
  DeleteLaunchTemplateCommand,
  DescribeImagesCommand,
} from "@aws-sdk/client-ec2";
import { ListContainerInstancesCommand } from "@aws-sdk/client-ecs";

import { given, type Clients } from "./clients.ts";

/** What hosts are made from. */
interface Hosts {
  /** The cluster that they join, whose name their launch template has as well. */
  readonly cluster: string;
  /** How many, each in the next subnet. */
  readonly count: number;
  readonly subnetIds: readonly string[];
  /** Has what was made removed again, the last first. */
  readonly afterwards: (cleanUp: () => Promise<unknown>) => void;
}

/** The Auto Scaling group of a host: there is one a subnet, so that it is certain which zones have hosts. */
export const groupOf = (cluster: string, index: number): string => `${cluster}-${index}`;

/** Gives a cluster hosts and waits for them. */
export async function makeHosts({ ecs, ec2, autoScaling }: Clients, hosts: Hosts): Promise<void> {
  const { cluster: name, count, afterwards } = hosts;
  const images = await ec2.send(new DescribeImagesCommand({ Owners: ["amazon"] }));
  const userData = `#!/bin/bash\necho ECS_CLUSTER=${name} >> /etc/ecs/ecs.config\n`;
  const { LaunchTemplate } = await ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: name,
      LaunchTemplateData: {
        ImageId: images.Images?.[0]?.ImageId,
        InstanceType: "m5.4xlarge",
        UserData: Buffer.from(userData).toString("base64"),
      },
    }),
  );
  const LaunchTemplateId = given(LaunchTemplate?.LaunchTemplateId);
  afterwards(() => ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateId })));
  for (const [index, subnetId] of hosts.subnetIds.slice(0, count).entries()) {
    const AutoScalingGroupName = groupOf(name, index);
    await autoScaling.send(
      new CreateAutoScalingGroupCommand({
        AutoScalingGroupName,
        LaunchTemplate: { LaunchTemplateId, Version: "$Latest" },
        MinSize: 1,
        MaxSize: 1,
        VPCZoneIdentifier: subnetId,
      }),
    );
    afterwards(() =>
      autoScaling.send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName, ForceDelete: true })),
    );
  }
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const { containerInstanceArns = [] } = await ecs.send(
      new ListContainerInstancesCommand({ cluster: name }),
    );
    if (containerInstanceArns.length === count) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`Cluster ${name} has not come to have ${count} hosts.`);
}
