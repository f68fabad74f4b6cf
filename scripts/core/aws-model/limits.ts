/**
 * Ranges of numbers that AWS documents and the SDK's model does not hold, by structure (or shape) and field.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Types.html
 */

/** The least and the greatest number that a field takes, both included. */
export interface Range {
  readonly least: number;
  readonly greatest: number;
}

/** The API's whole numbers have 32 bits. */
const whole: Range = { least: -(2 ** 31), greatest: 2 ** 31 - 1 };
const counted: Range = { least: 0, greatest: whole.greatest };
const port: Range = { least: 0, greatest: 65_535 };
const bakeMinutes: Range = { least: 0, greatest: 1440 };

const ranges: Readonly<Record<string, Range>> = {
  "Autoscaling.MaxCapacity": counted,
  "Autoscaling.MinCapacity": counted,
  "CanaryConfiguration.canaryBakeTimeInMinutes": bakeMinutes,
  "CanaryConfiguration.canaryPercent": { least: 0.1, greatest: 100 },
  "CapacityProviderStrategyItem.base": { least: 0, greatest: 100_000 },
  "CapacityProviderStrategyItem.weight": { least: 0, greatest: 1000 },
  "ContainerDefinition.cpu": counted,
  "ContainerDefinition.memory": counted,
  "ContainerDefinition.memoryReservation": counted,
  "CreateService.desiredCount": counted,
  "CreateService.healthCheckGracePeriodSeconds": counted,
  "DeploymentConfiguration.bakeTimeInMinutes": bakeMinutes,
  "DeploymentConfiguration.maximumPercent": counted,
  "DeploymentConfiguration.minimumHealthyPercent": counted,
  "DeploymentLifecycleHookTimeoutConfiguration.timeoutInMinutes": { least: 1, greatest: 20_160 },
  "HealthCheck.interval": { least: 5, greatest: 300 },
  "HealthCheck.retries": { least: 1, greatest: 10 },
  "HealthCheck.startPeriod": { least: 0, greatest: 300 },
  "HealthCheck.timeout": { least: 2, greatest: 120 },
  "LinearConfiguration.stepBakeTimeInMinutes": bakeMinutes,
  "LinearConfiguration.stepPercent": { least: 3, greatest: 100 },
  "LinuxParameters.swappiness": { least: 0, greatest: 100 },
  "LoadBalancer.containerPort": port,
  "PortMapping.containerPort": { least: 1, greatest: port.greatest },
  "PortMapping.hostPort": port,
  "ScalableTargetAction.MaxCapacity": counted,
  "ScalableTargetAction.MinCapacity": counted,
  "Service.desiredCount": counted,
  "Service.healthCheckGracePeriodSeconds": counted,
  "ServiceConnectClientAlias.port": port,
  "ServiceConnectService.ingressPortOverride": port,
  "ServiceRegistry.containerPort": port,
  "ServiceRegistry.port": port,
  "StepScalingPolicyConfiguration.Cooldown": counted,
  "TargetTrackingScalingPolicyConfiguration.ScaleInCooldown": counted,
  "TargetTrackingScalingPolicyConfiguration.ScaleOutCooldown": counted,
  "UpdateService.desiredCount": counted,
  "UpdateService.healthCheckGracePeriodSeconds": counted,
};

/** The range of a numeric field of a structure, or of a whole template by its shape. */
export function rangeOf(structure: string, field: string): Range {
  return ranges[`${structure}.${field}`] ?? whole;
}
