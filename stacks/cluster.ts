import type { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import { CodedeployApp } from "@cdktf/provider-aws/lib/codedeploy-app/index.js";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition/index.js";
import { EcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster/index.js";
import type { EcsClusterConfig } from "@cdktf/provider-aws/lib/ecs-cluster/index.js";
import { EcsClusterCapacityProviders } from "@cdktf/provider-aws/lib/ecs-cluster-capacity-providers/index.js";
import type { EcsClusterCapacityProvidersDefaultCapacityProviderStrategy } from "@cdktf/provider-aws/lib/ecs-cluster-capacity-providers/index.js";
import { IamInstanceProfile } from "@cdktf/provider-aws/lib/iam-instance-profile/index.js";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment/index.js";
import type { Construct } from "constructs";
import { targetCapacityPercent } from "../scripts/core/environments/spare-host.ts";
import {
  clusterName,
  codeDeployApplicationName,
  execLogGroupName,
  hostRolePath,
  logGroupName,
  roleNames,
} from "../scripts/core/naming.ts";
import { InstanceGroup } from "./constructs/instance-group.ts";
import { assumableBy } from "./constructs/policy.ts";
import { EnvironmentStack } from "./environment-stack.ts";
import type { EnvironmentStackSettings } from "./environment-stack.ts";
import type { EnvironmentNetwork } from "./network.ts";

/** What makes the cluster of an environment. */
export interface ClusterStackSettings extends EnvironmentStackSettings {
  readonly network: EnvironmentNetwork;
}

/**
 * The ECS cluster: capacity on hosts and on Fargate, and the log group of the containers. Services are not here: `./deploy` owns them.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/clusters.html
 */
export class ClusterStack extends EnvironmentStack {
  constructor(scope: Construct, settings: ClusterStackSettings) {
    super(scope, "cluster", settings);
    const { name, cluster: clusterSettings } = this.environment;
    const cluster = new EcsCluster(this, "cluster", {
      name: clusterName(name),
      setting: [{ name: "containerInsights", value: clusterSettings.containerInsights }],
      ...this.execConfiguration(),
    });
    const logGroup = this.addLogGroups();

    const groups = this.addInstanceGroups(settings.network);
    this.addCapacity(cluster, groups);

    const [defaultGroup] = clusterSettings.ec2 === null ? [] : groups;
    this.publish({
      "cluster-name": cluster.name,
      "cluster-arn": cluster.arn,
      "log-group-name": logGroup.name,
      ...(defaultGroup === undefined ? {} : { "capacity-provider-name": defaultGroup.capacityProviderName }),
    });
    const { services } = this.environment;
    if (Object.values(services).some(({ blueGreen }) => blueGreen?.by === "codeDeploy")) {
      this.addCodeDeployApplication();
    }
  }

  /** What deployment groups belong to; those are made with their services, since AWS takes none without. */
  private addCodeDeployApplication(): void {
    const application = new CodedeployApp(this, "code-deploy", {
      name: codeDeployApplicationName(this.environment.name),
      computePlatform: "ECS",
    });
    this.publish({ "codedeploy-application": application.name });
  }

  private addLogGroups(): CloudwatchLogGroup {
    const { name, cluster } = this.environment;
    const retentionInDays = cluster.logRetentionDays;
    if (cluster.containerInsights !== "disabled") {
      // ECS would make it by itself, without an end to what it keeps and out of Terraform's reach.
      const performance = `/aws/ecs/containerinsights/${clusterName(name)}/performance`;
      this.addLogGroup("insights-log-group", performance, retentionInDays);
    }
    return this.addLogGroup("log-group", logGroupName(name), retentionInDays);
  }

  /** Sessions in containers go to a log of their own, and are encrypted with the environment's key beside TLS. */
  private execConfiguration(): Pick<EcsClusterConfig, "configuration"> {
    const { name, cluster } = this.environment;
    if (cluster.exec === false) return {};
    const logGroup = this.addLogGroup(
      "exec-log-group",
      execLogGroupName(name),
      cluster.exec.logRetentionDays,
    );
    const key = this.encryptionKeyArn;
    return {
      configuration: {
        executeCommandConfiguration: {
          ...(key === undefined ? {} : { kmsKeyId: key }),
          logging: "OVERRIDE",
          logConfiguration: {
            cloudWatchLogGroupName: logGroup.name,
            cloudWatchEncryptionEnabled: key !== undefined,
          },
        },
      },
    };
  }

  private addInstanceGroups(network: EnvironmentNetwork): InstanceGroup[] {
    const { name, cluster } = this.environment;
    const groups = [
      ...(cluster.ec2 === null ? [] : [["default", cluster.ec2] as const]),
      ...Object.entries(cluster.extraInstanceGroups),
    ];
    if (groups.length === 0) {
      return [];
    }
    const profile = this.addInstanceProfile();
    return groups.map(
      ([groupName, settings]) =>
        new InstanceGroup(this, `instance-group-${groupName}`, {
          environmentName: name,
          clusterName: clusterName(name),
          groupName,
          settings,
          targetCapacityPercent: targetCapacityPercent(this.environment, settings, groupName),
          subnetIds: network.privateSubnetIds,
          securityGroupId: network.hostSecurityGroupId,
          instanceProfileArn: profile.arn,
          tags: { "slipway:environment": name, "slipway:stack": this.node.id },
        }),
    );
  }

  /** The hosts' own role: joins the cluster, and lets Session Manager in, so that no host needs an SSH port. */
  private addInstanceProfile(): IamInstanceProfile {
    const roleName = roleNames(this.environment.name).host;
    const { partition } = new DataAwsPartition(this, "partition");
    const role = new IamRole(this, "host-role", {
      name: roleName,
      path: hostRolePath,
      description: `ECS hosts of environment ${this.environment.name}`,
      assumeRolePolicy: assumableBy("ec2.amazonaws.com"),
    });
    const policies = {
      ecs: "service-role/AmazonEC2ContainerServiceforEC2Role",
      "session-manager": "AmazonSSMManagedInstanceCore",
    };
    for (const [id, policy] of Object.entries(policies)) {
      new IamRolePolicyAttachment(this, `host-policy-${id}`, {
        role: role.name,
        policyArn: `arn:${partition}:iam::aws:policy/${policy}`,
      });
    }
    return new IamInstanceProfile(this, "host-profile", {
      name: roleName,
      path: hostRolePath,
      role: role.name,
    });
  }

  private addCapacity(cluster: EcsCluster, groups: readonly InstanceGroup[]): void {
    new EcsClusterCapacityProviders(this, "capacity", {
      clusterName: cluster.name,
      capacityProviders: ["FARGATE", "FARGATE_SPOT", ...groups.map((group) => group.capacityProviderName)],
      defaultCapacityProviderStrategy: this.defaultStrategy(groups),
    });
  }

  /** ECS allows hosts or Fargate in one strategy, not both. */
  private defaultStrategy(
    groups: readonly InstanceGroup[],
  ): EcsClusterCapacityProvidersDefaultCapacityProviderStrategy[] {
    const { ec2, defaultStrategy } = this.environment.cluster;
    const [defaultGroup] = groups;
    if (defaultStrategy === undefined) {
      const hosts = ec2 === null ? undefined : defaultGroup?.capacityProviderName;
      return [{ capacityProvider: hosts ?? "FARGATE", weight: 1 }];
    }
    return [
      { capacityProvider: "FARGATE", ...defaultStrategy.fargate },
      { capacityProvider: "FARGATE_SPOT", ...defaultStrategy.fargateSpot },
    ].filter(({ weight, base }) => weight > 0 || base > 0);
  }
}
