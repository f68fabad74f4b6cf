/**
 * What CreateService and UpdateService refuse of a deployment strategy, in AWS's words where they are known.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshooting-blue-green.html
 */
import type { DeploymentConfiguration, LoadBalancer } from "@aws-sdk/client-ecs";

import { loadBalancersOf } from "../../elb/targets.ts";
import { weightsOf } from "../../elb/shift.ts";
import type { State } from "../../world/state.ts";
import { standardCanary, standardLinear } from "../strategies/course.ts";
import { hookTimeoutMinutes } from "../strategies/durations.ts";
import { invalidParameter } from "./errors.ts";
import { checkHooks } from "./lifecycle-hook-rules.ts";

/** What a strategy has to fit. */
export interface StrategyContext {
  readonly controller: string | undefined;
  readonly daemon: boolean;
  readonly loadBalancers: readonly LoadBalancer[];
}

/** Throws for the first part of a deployment configuration that no service can have. */
export function checkStrategy(
  { state }: { readonly state: State },
  configuration: DeploymentConfiguration | undefined,
  { controller = "ECS", daemon, loadBalancers }: StrategyContext,
): void {
  const { strategy = "ROLLING" } = configuration ?? {};
  if (strategy !== "ROLLING" && controller !== "ECS") {
    throw invalidParameter(
      `The ${strategy} deployment strategy is not supported with the ${controller} deployment controller.`,
    );
  }
  if (strategy !== "ROLLING" && daemon) {
    throw invalidParameter(
      `The daemon scheduling strategy does not support the ${strategy} deployment strategy.`,
    );
  }
  checkNumbers(configuration ?? {});
  checkHooks(strategy, configuration?.lifecycleHooks ?? []);
  checkAdvancedConfigurations(state, loadBalancers, strategy !== "ROLLING");
}

const longestMinutes = 1440;

function checkNumbers({
  bakeTimeInMinutes,
  linearConfiguration: linear,
  canaryConfiguration: canary,
}: DeploymentConfiguration): void {
  checkMinutes("bakeTimeInMinutes", bakeTimeInMinutes);
  checkMinutes("stepBakeTimeInMinutes", linear?.stepBakeTimeInMinutes);
  checkMinutes("canaryBakeTimeInMinutes", canary?.canaryBakeTimeInMinutes);
  checkPercent("stepPercent", linear?.stepPercent, 3);
  checkPercent("canaryPercent", canary?.canaryPercent, 0.1);
}

function checkMinutes(name: string, minutes: number | undefined): void {
  if (minutes === undefined || (Number.isInteger(minutes) && minutes >= 0 && minutes <= longestMinutes))
    return;
  throw invalidParameter(`${name} must be between 0 and ${longestMinutes}.`);
}

function checkPercent(name: string, percent: number | undefined, least: number): void {
  if (percent === undefined) return;
  if (percent < least || percent > 100) {
    throw invalidParameter(`${name} must be between ${least.toFixed(1)} and 100.0.`);
  }
  if (Math.abs(percent * 10 - Math.round(percent * 10)) > 1e-6) {
    throw invalidParameter(`${name} must be a multiple of 0.1.`);
  }
}

function checkAdvancedConfigurations(
  state: State,
  loadBalancers: readonly LoadBalancer[],
  required: boolean,
): void {
  const classic = loadBalancers.filter(({ loadBalancerName }) => loadBalancerName !== undefined);
  if (classic.length > 0 && classic.length < loadBalancers.length) {
    throw invalidParameter(
      "All loadBalancers must be strictly either ELBv1 (defining loadBalancerName) or ELBv2 (defining targetGroupArn)",
    );
  }
  const advanced = loadBalancers.filter(({ advancedConfiguration }) => advancedConfiguration);
  if (classic.length > 0 && advanced.length > 0) {
    throw invalidParameter("advancedConfiguration field is not allowed with ELBv1 loadBalancers");
  }
  if (advanced.length < loadBalancers.length && required) {
    throw invalidParameter(
      "advancedConfiguration field is required for all loadBalancers when using a non-ROLLING deployment strategy",
    );
  }
  if (advanced.length > 0 && advanced.length < loadBalancers.length) {
    throw invalidParameter(
      "Either all or none of the provided loadBalancers must have advancedConfiguration defined",
    );
  }
  for (const loadBalancer of advanced) checkAdvancedConfiguration(state, loadBalancer);
  checkUnique(loadBalancers);
}

function checkAdvancedConfiguration(
  state: State,
  { targetGroupArn = "", advancedConfiguration = {} }: LoadBalancer,
): void {
  const { alternateTargetGroupArn, productionListenerRule, testListenerRule, roleArn } =
    advancedConfiguration;
  for (const [name, value] of Object.entries({ alternateTargetGroupArn, productionListenerRule, roleArn })) {
    if (value === undefined || value === "") throw invalidParameter(`${name} can not be blank.`);
  }
  checkRuleArn("productionListenerRule", productionListenerRule);
  checkRuleArn("testListenerRule", testListenerRule);
  if (productionListenerRule === testListenerRule) {
    throw invalidParameter(
      `The following rules cannot be used as both production and test listener rules: ${productionListenerRule ?? ""}`,
    );
  }
  const alternate = alternateTargetGroupArn ?? "";
  if (!state.elb.targetGroups[alternate]) {
    throw invalidParameter(
      "Unable to assume role and validate the specified targetGroupArn. Please verify that the ECS service role " +
        "being passed has the proper permissions.",
    );
  }
  if (loadBalancersOf(state, alternate).length === 0) {
    throw invalidParameter(
      `The target group with targetGroupArn ${alternate} does not have an associated load balancer.`,
    );
  }
  if (testListenerRule !== undefined || !productionListenerRule?.includes(":listener-rule/app/")) return;
  const associated = weightsOf(state, productionListenerRule).map(({ arn }) => arn);
  if (associated.length > 0 && ![targetGroupArn, alternate].every((arn) => associated.includes(arn))) {
    throw invalidParameter(
      "For Application LoadBalancer, testListenerRule is required when productionListenerRule is not associated with both targetGroup and alternateTargetGroup",
    );
  }
}

/** A rule of an Application Load Balancer, or a listener of a Network Load Balancer. */
const ruleArn = /^arn:[^:]+:elasticloadbalancing:[^:]*:[^:]*:(listener-rule\/app|listener\/net)\//;

function checkRuleArn(name: string, arn: string | undefined): void {
  if (arn === undefined || ruleArn.test(arn)) return;
  throw invalidParameter(
    `${name} has an invalid ARN format. Must be RuleArn for ALB or ListenerArn for NLB. Got: ${arn}`,
  );
}

function checkUnique(loadBalancers: readonly LoadBalancer[]): void {
  if (!loadBalancers.some(({ advancedConfiguration }) => advancedConfiguration)) return;
  const seen = new Set<string>();
  for (const { targetGroupArn, advancedConfiguration } of loadBalancers) {
    for (const arn of [targetGroupArn, advancedConfiguration?.alternateTargetGroupArn]) {
      if (arn === undefined) continue;
      if (seen.has(arn)) throw invalidParameter(`Duplicate targetGroupArn found: ${arn}`);
      seen.add(arn);
    }
  }
}

/**
 * A deployment configuration with what AWS fills in where a strategy and its hooks leave something out. Hooks of an
 * earlier strategy do not stay with ROLLING, which has none.
 */
export function withStrategyDefaults<Configuration extends DeploymentConfiguration>(
  configuration: Configuration,
  asked: DeploymentConfiguration | undefined,
): Configuration {
  const { strategy, linearConfiguration, canaryConfiguration, lifecycleHooks = [] } = configuration;
  const inherited = asked?.lifecycleHooks === undefined && lifecycleHooks.length > 0;
  return {
    ...configuration,
    ...(strategy === "ROLLING" && inherited && { lifecycleHooks: [] }),
    ...(strategy === "LINEAR" && { linearConfiguration: { ...standardLinear, ...linearConfiguration } }),
    ...(strategy === "CANARY" && { canaryConfiguration: { ...standardCanary, ...canaryConfiguration } }),
    ...(strategy !== undefined &&
      strategy !== "ROLLING" && {
        lifecycleHooks: lifecycleHooks.map((hook) => ({
          targetType: "AWS_LAMBDA" as const,
          ...hook,
          timeoutConfiguration: {
            timeoutInMinutes: hookTimeoutMinutes,
            action: "ROLLBACK" as const,
            ...hook.timeoutConfiguration,
          },
        })),
      }),
  };
}
