import type { Deployment, RegisterTaskDefinitionRequest, Service } from "@aws-sdk/client-ecs";

import type { RegisteredRevision } from "../../scripts/core/deployment/task-definition.ts";

const account = "arn:aws:ecs:us-east-1:123456789012";

/** ARN of a revision in the tests' account, from `family:revision`. */
export function revisionArn(name: string): string {
  return `${account}:task-definition/${name}`;
}

/** What a template asks for: one nginx container with a dynamic host port. */
export function definition(image = "nginx:alpine"): RegisterTaskDefinitionRequest {
  return {
    family: "nginx",
    containerDefinitions: [{ name: "nginx", image, memory: 128, portMappings: [{ containerPort: 80 }] }],
  };
}

/** The same as DescribeTaskDefinition answers it, with what AWS fills in. */
export function registered(image = "nginx:alpine", revision = 1): RegisteredRevision {
  return {
    tags: [],
    taskDefinition: {
      taskDefinitionArn: revisionArn(`nginx:${revision}`),
      family: "nginx",
      revision,
      status: "ACTIVE",
      registeredAt: new Date("2026-01-01T00:00:00Z"),
      registeredBy: "arn:aws:iam::123456789012:user/ecs/ecs_deployer",
      requiresAttributes: [{ name: "com.amazonaws.ecs.capability.docker-remote-api.1.21" }],
      compatibilities: ["EXTERNAL", "EC2"],
      placementConstraints: [],
      volumes: [],
      containerDefinitions: [
        {
          name: "nginx",
          image,
          cpu: 0,
          memory: 128,
          essential: true,
          environment: [],
          mountPoints: [],
          volumesFrom: [],
          systemControls: [],
          portMappings: [{ containerPort: 80, hostPort: 0, protocol: "tcp" }],
        },
      ],
    },
  };
}

/** A deployment as DescribeServices lists it: two of two running and COMPLETED unless told otherwise. */
export function deployment(id: string, overrides: Partial<Deployment> = {}): Deployment {
  return {
    id,
    status: "PRIMARY",
    taskDefinition: revisionArn("nginx:1"),
    desiredCount: 2,
    runningCount: 2,
    pendingCount: 0,
    failedTasks: 0,
    rolloutState: "COMPLETED",
    ...overrides,
  };
}

/** An active service of two tasks on revision 1. */
export function service(overrides: Partial<Service> = {}): Service {
  return {
    serviceName: "nginx",
    status: "ACTIVE",
    taskDefinition: revisionArn("nginx:1"),
    desiredCount: 2,
    launchType: "EC2",
    schedulingStrategy: "REPLICA",
    deploymentConfiguration: {
      maximumPercent: 200,
      minimumHealthyPercent: 100,
      deploymentCircuitBreaker: { enable: true, rollback: true },
    },
    deployments: [deployment("ecs-svc/1")],
    events: [],
    ...overrides,
  };
}
