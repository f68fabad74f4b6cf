import { AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group/index.js";
import { DataAwsSsmParameter } from "@cdktf/provider-aws/lib/data-aws-ssm-parameter/index.js";
import { EcsCapacityProvider } from "@cdktf/provider-aws/lib/ecs-capacity-provider/index.js";
import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template/index.js";
import { Fn, Token } from "cdktf";
import { Construct } from "constructs";
import type { InstanceGroupSettings } from "../../scripts/core/environments.ts";
import { capacityProviderName } from "../../scripts/core/naming.ts";
import { launchSettings, refreshSettings } from "./host-launch.ts";

/** What makes a group of hosts. */
export interface InstanceGroupProps {
  readonly environmentName: string;
  readonly clusterName: string;
  /** Part of every name, so that several groups share a cluster. */
  readonly groupName: string;
  readonly settings: InstanceGroupSettings;
  /** How full managed scaling keeps the hosts. */
  readonly targetCapacityPercent: number;
  readonly subnetIds: readonly string[];
  readonly securityGroupId: string;
  readonly instanceProfileArn: string;
  /** Tags of instances and disks, which the provider's default tags do not reach. */
  readonly tags: Readonly<Record<string, string>>;
}

/** The public parameters that name the newest ECS-optimised image, by processor. */
const imageParameters = {
  x86_64: "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id",
  arm64: "/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id",
} as const;

/**
 * Hosts of one kind: launch template, auto-scaling group and a capacity provider whose managed scaling owns their
 * number.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/asg-capacity-providers.html
 */
export class InstanceGroup extends Construct {
  /** The name of the capacity provider. */
  readonly capacityProviderName: string;

  constructor(scope: Construct, id: string, props: InstanceGroupProps) {
    super(scope, id);
    const { settings } = props;
    const fullName = `${props.environmentName}-${props.groupName}`;
    const template = this.addLaunchTemplate(fullName, props);
    const protection = settings.terminationProtection;
    const group = new AutoscalingGroup(this, "hosts", {
      namePrefix: `${fullName}-`,
      minSize: settings.min,
      maxSize: settings.max,
      desiredCapacity: settings.desired,
      vpcZoneIdentifier: [...props.subnetIds],
      ...launchSettings(settings, { id: template.id, version: Token.asString(template.latestVersion) }),
      ...refreshSettings(settings),
      healthCheckType: "EC2",
      protectFromScaleIn: protection,
      forceDelete: !protection,
      // Hosts that are slow to come must not fail the stack: the cluster works without them.
      waitForCapacityTimeout: "0",
      tag: tagsOfGroup({ ...props.tags, Name: fullName, AmazonECSManaged: "true" }),
      // Managed scaling moves the number of hosts; Terraform must not move it back.
      lifecycle: { ignoreChanges: ["desired_capacity"], createBeforeDestroy: true },
    });
    const provider = new EcsCapacityProvider(this, "capacity-provider", {
      name: capacityProviderName(props.environmentName, props.groupName),
      autoScalingGroupProvider: {
        autoScalingGroupArn: group.arn,
        managedTerminationProtection: protection ? "ENABLED" : "DISABLED",
        managedDraining: "ENABLED",
        managedScaling: {
          status: "ENABLED",
          targetCapacity: props.targetCapacityPercent,
          minimumScalingStepSize: 1,
          maximumScalingStepSize: 10,
          instanceWarmupPeriod: 60,
        },
      },
    });
    this.capacityProviderName = provider.name;
  }

  private addLaunchTemplate(fullName: string, props: InstanceGroupProps): LaunchTemplate {
    const { settings } = props;
    const image = new DataAwsSsmParameter(this, "image", { name: imageParameters[settings.architecture] });
    const tags = { ...props.tags, Name: fullName };
    return new LaunchTemplate(this, "launch-template", {
      namePrefix: `${fullName}-`,
      description: `ECS hosts ${props.groupName} of environment ${props.environmentName}`,
      imageId: image.insecureValue,
      instanceType: settings.instanceType,
      updateDefaultVersion: true,
      iamInstanceProfile: { arn: props.instanceProfileArn },
      vpcSecurityGroupIds: [props.securityGroupId],
      // IMDSv2 only, and out of reach of containers with a network of their own.
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: {
            volumeSize: settings.diskGiB,
            volumeType: "gp3",
            encrypted: "true",
            deleteOnTermination: "true",
          },
        },
      ],
      tagSpecifications: [
        { resourceType: "instance", tags },
        { resourceType: "volume", tags },
      ],
      userData: Fn.base64encode(Fn.rawString(userData(props))),
    });
  }
}

/** The agent's settings. */
function userData(props: InstanceGroupProps): string {
  const attributes = JSON.stringify({ "instance-group": props.groupName });
  return [
    "#!/bin/bash",
    "cat <<'SETTINGS' >> /etc/ecs/ecs.config",
    `ECS_CLUSTER=${props.clusterName}`,
    `ECS_INSTANCE_ATTRIBUTES=${attributes}`,
    "ECS_AWSVPC_BLOCK_IMDS=true",
    "ECS_ENABLE_SPOT_INSTANCE_DRAINING=true",
    "SETTINGS",
    "",
  ].join("\n");
}

function tagsOfGroup(
  tags: Readonly<Record<string, string>>,
): { key: string; value: string; propagateAtLaunch: boolean }[] {
  return Object.entries(tags).map(([key, value]) => ({ key, value, propagateAtLaunch: true }));
}
