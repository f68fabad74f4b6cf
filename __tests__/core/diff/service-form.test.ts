import type { DeploymentConfiguration, Service, UpdateServiceRequest } from "@aws-sdk/client-ecs";
import { describe, expect, test } from "@jest/globals";

import { serviceDifferences, withRevisionMembers } from "../../../scripts/core/deployment/service-changes.ts";
import { deployment, service } from "../../helpers/ecs-json.ts";

function found(wanted: Partial<UpdateServiceRequest>, running: Partial<Service> = {}): readonly string[] {
  return serviceDifferences({ service: "nginx", ...wanted }, service(running)).map(
    ({ kind, path }) => `${kind} ${path}`,
  );
}

const configured = (deploymentConfiguration: DeploymentConfiguration): Partial<Service> => ({
  deploymentConfiguration,
});

describe("a template that says what a service has anyway is no difference", () => {
  test.each<[string, Partial<UpdateServiceRequest>, Partial<Service>]>([
    ["flags", { enableECSManagedTags: false, enableExecuteCommand: false, propagateTags: "NONE" }, {}],
    ["no grace period", { healthCheckGracePeriodSeconds: 0 }, {}],
    ["no rebalancing where it was never asked for", { availabilityZoneRebalancing: "DISABLED" }, {}],
    ["the controller", { deploymentController: { type: "ECS" } }, {}],
    ["no service connect", { serviceConnectConfiguration: { enabled: false } }, {}],
    [
      "weight and base of a provider",
      { capacityProviderStrategy: [{ capacityProvider: "b" }, { capacityProvider: "a", weight: 1 }] },
      {
        capacityProviderStrategy: [
          { capacityProvider: "a", weight: 1, base: 0 },
          { capacityProvider: "b", weight: 0, base: 0 },
        ],
      },
    ],
    [
      "no public address",
      { networkConfiguration: { awsvpcConfiguration: { subnets: ["s"], assignPublicIp: "DISABLED" } } },
      { networkConfiguration: { awsvpcConfiguration: { subnets: ["s"], securityGroups: [] } } },
    ],
    [
      "a field of the placement in AWS's other words",
      {
        placementStrategy: [
          { type: "spread", field: "host" },
          { type: "binpack", field: "memory" },
        ],
      },
      {
        placementStrategy: [
          { type: "spread", field: "instanceId" },
          { type: "binpack", field: "MEMORY" },
        ],
      },
    ],
    [
      "strategy, bake time, no alarms",
      {
        deploymentConfiguration: {
          alarms: { alarmNames: [], enable: false, rollback: false },
          bakeTimeInMinutes: 0,
          lifecycleHooks: [],
          strategy: "ROLLING",
        },
      },
      configured({ maximumPercent: 200, minimumHealthyPercent: 100 }),
    ],
    [
      "the circuit breaker's standard threshold",
      { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } } },
      configured({
        deploymentCircuitBreaker: {
          enable: true,
          rollback: true,
          resetOnHealthyTask: true,
          thresholdConfiguration: { type: "BOUNDED_PERCENT", value: 50 },
        },
      }),
    ],
    [
      "a canary's standard steps",
      { deploymentConfiguration: { strategy: "CANARY", canaryConfiguration: {} } },
      configured({
        strategy: "CANARY",
        canaryConfiguration: { canaryPercent: 5, canaryBakeTimeInMinutes: 10 },
      }),
    ],
    [
      "a hook's standard time-out",
      {
        deploymentConfiguration: {
          lifecycleHooks: [
            {
              hookTargetArn: "arn:aws:lambda:r:1:function:f",
              roleArn: "r",
              lifecycleStages: ["PRE_SCALE_UP"],
            },
          ],
        },
      },
      configured({
        lifecycleHooks: [
          {
            targetType: "AWS_LAMBDA",
            hookTargetArn: "arn:aws:lambda:r:1:function:f",
            roleArn: "r",
            lifecycleStages: ["PRE_SCALE_UP"],
            timeoutConfiguration: { timeoutInMinutes: 1440, action: "ROLLBACK" },
          },
        ],
      }),
    ],
  ])("%s", (_, wanted, running) => {
    expect(found(wanted, running)).toEqual([]);
  });
});

describe("a service and its template differ", () => {
  test("in the part of the deployment configuration that is another, not in those left out", () => {
    const running = configured({ maximumPercent: 200, minimumHealthyPercent: 50, strategy: "ROLLING" });
    expect(found({ deploymentConfiguration: { maximumPercent: 150 } }, running)).toEqual([
      "changed deploymentConfiguration.maximumPercent",
    ]);
  });

  test("in a circuit breaker that is to be off", () => {
    const running = configured({ deploymentCircuitBreaker: { enable: true, rollback: true } });
    const off = { deploymentCircuitBreaker: { enable: false, rollback: false } };
    expect(found({ deploymentConfiguration: off }, running)).toEqual([
      "changed deploymentConfiguration.deploymentCircuitBreaker.enable",
      "changed deploymentConfiguration.deploymentCircuitBreaker.rollback",
    ]);
  });

  test("in security groups that the template leaves out: the network is replaced as a whole", () => {
    const running = {
      networkConfiguration: { awsvpcConfiguration: { subnets: ["s"], securityGroups: ["g"] } },
    };
    expect(found({ networkConfiguration: { awsvpcConfiguration: { subnets: ["s"] } } }, running)).toEqual([
      "removed networkConfiguration.awsvpcConfiguration.securityGroups[g]",
    ]);
  });

  test("in a load balancer's port, addressed by its target group", () => {
    const balancer = (containerPort: number): NonNullable<Service["loadBalancers"]> => [
      {
        targetGroupArn: "arn:aws:elasticloadbalancing:r:1:targetgroup/web/1",
        containerName: "a",
        containerPort,
      },
    ];
    expect(found({ loadBalancers: balancer(81) }, { loadBalancers: balancer(80) })).toEqual([
      "changed loadBalancers[targetgroup/web/1].containerPort",
    ]);
  });

  test("in what it no longer says, where AWS makes up no such value", () => {
    const balanced = (testListenerRule?: string): Partial<Service> => ({
      loadBalancers: [
        {
          targetGroupArn: "tg",
          containerName: "web",
          containerPort: 80,
          advancedConfiguration: {
            alternateTargetGroupArn: "other",
            productionListenerRule: "rule",
            roleArn: "role",
            ...(testListenerRule === undefined ? {} : { testListenerRule }),
          },
        },
      ],
    });
    const removed = "loadBalancers[tg].advancedConfiguration.testListenerRule";
    expect(found(balanced() as UpdateServiceRequest, balanced("test"))).toEqual([`removed ${removed}`]);
    expect(found(balanced("test") as UpdateServiceRequest, balanced("test"))).toEqual([]);

    const connected = (port?: number): Pick<UpdateServiceRequest, "serviceConnectConfiguration"> => ({
      serviceConnectConfiguration: {
        enabled: true,
        services: [{ portName: "web", ...(port === undefined ? {} : { ingressPortOverride: port }) }],
      },
    });
    const running = { deployments: [deployment("ecs-svc/1", connected(8080))] };
    expect(found(connected(), running)).toEqual([
      "removed serviceConnectConfiguration.services[web].ingressPortOverride",
    ]);
  });

  test("in the order of placement strategies", () => {
    const strategies: NonNullable<Service["placementStrategy"]> = [
      { type: "random" },
      { type: "spread", field: "x" },
    ];
    expect(found({ placementStrategy: strategies.toReversed() }, { placementStrategy: strategies })).toEqual([
      "changed placementStrategy",
    ]);
  });
});

describe("what DescribeServices tells elsewhere", () => {
  test("is read from the deployment, with what ECS chose by itself left aside", () => {
    const connected = deployment("ecs-svc/1", {
      serviceConnectConfiguration: {
        enabled: true,
        namespace: "arn:aws:servicediscovery:r:1:namespace/ns-1",
        services: [
          { portName: "web", discoveryName: "web", clientAliases: [{ port: 80, dnsName: "web.x" }] },
        ],
      },
    });
    const wanted = (namespace: string, port: number): Partial<UpdateServiceRequest> => ({
      serviceConnectConfiguration: {
        enabled: true,
        namespace,
        services: [{ portName: "web", clientAliases: [{ port }] }],
      },
    });
    const running = { deployments: [connected] };
    expect(found(wanted("x", 80), running)).toEqual([]);
    expect(found(wanted("arn:aws:servicediscovery:r:1:namespace/ns-2", 80), running)).toEqual([
      "changed serviceConnectConfiguration.namespace",
    ]);
    expect(found(wanted("x", 81), running)).not.toEqual([]);
    expect(found({ serviceConnectConfiguration: { enabled: false } }, running)).toEqual([
      "removed serviceConnectConfiguration",
    ]);
  });

  test("is read from the service revision, without which it would differ for ever", () => {
    const monitoring = { metricConfigurations: [{ metricNames: ["CPUUtilization"], resolutionSeconds: 20 }] };
    const wanted = { service: "nginx", monitoring };
    expect(serviceDifferences(wanted, service())).not.toEqual([]);
    expect(serviceDifferences(wanted, withRevisionMembers(service(), { monitoring }))).toEqual([]);
  });
});
