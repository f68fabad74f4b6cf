import { RegisterTaskDefinitionCommand } from "@aws-sdk/client-ecs";

import { refusal, type ContractCase } from "../suite/contract-case.ts";
import { webContainer } from "../suite/context.ts";
import { ecsApi } from "../suite/sources.ts";
import { refused, one, two } from "./refused-task-definition.ts";

export const taskSettingRefusals: readonly ContractCase[] = [
  refused(
    "depends-on-unknown",
    "dependsOn names a container of the definition",
    /^Cannot depend on container \+ 'proxy' because it does not exist/,
    one({ dependsOn: [{ containerName: "proxy", condition: "START" }] }),
    { source: ecsApi("ContainerDependency") },
  ),
  refused(
    "depends-on-essential",
    "Nobody waits for an essential container to end",
    "A dependency container with SUCCESS or COMPLETE condition cannot be an essential container",
    two({ dependsOn: [{ containerName: "web", condition: "COMPLETE" }] }),
    { source: ecsApi("ContainerDependency") },
  ),
  refused(
    "depends-on-healthy",
    "Who is waited for to be HEALTHY has a health check",
    "A dependency container with HEALTHY condition must have health check configured",
    two({ dependsOn: [{ containerName: "web", condition: "HEALTHY" }] }),
    { source: ecsApi("ContainerDependency") },
  ),
  refused(
    "depends-on-cycle",
    "Containers do not wait for each other in a circle",
    /cycl/i,
    two(
      { dependsOn: [{ containerName: "web", condition: "START" }] },
      { dependsOn: [{ containerName: "side", condition: "START" }] },
    ),
    { source: ecsApi("ContainerDependency"), wording: "inferred" },
  ),
  refused(
    "health-check-interval",
    "A health check's interval is between 5 and 300 seconds",
    /interval/i,
    one({ healthCheck: { command: ["CMD", "true"], interval: 2 } }),
    { source: ecsApi("HealthCheck"), wording: "inferred" },
  ),
  refused(
    "health-check-retries",
    "A health check has 1 to 10 retries",
    /retries/i,
    one({ healthCheck: { command: ["CMD", "true"], retries: 11 } }),
    { source: ecsApi("HealthCheck"), wording: "inferred" },
  ),
  refused(
    "ulimit",
    "A soft limit is not above the hard one",
    /^Soft limit exceeds hard limit for ulimit nofile/,
    one({ ulimits: [{ name: "nofile", softLimit: 10, hardLimit: 5 }] }),
    { source: ecsApi("Ulimit") },
  ),
  refused(
    "restart-period",
    "A restart policy's period is between 60 and 1800 seconds",
    /the 'restartAttemptPeriod' setting for container 'web' must be between 60 and 1800/,
    one({ restartPolicy: { enabled: true, restartAttemptPeriod: 10 } }),
    { source: ecsApi("ContainerRestartPolicy") },
  ),
  refused(
    "secret-and-environment",
    "A secret has a name that no environment variable has",
    /^The secret name must be unique and not shared with any new or existing environment variables set on the container, such as 'KEY'/,
    {
      ...one({ environment: [{ name: "KEY", value: "1" }], secrets: [{ name: "KEY", valueFrom: "/key" }] }),
      executionRoleArn: "arn:aws:iam::123456789012:role/execution",
    },
    { source: ecsApi("Secret") },
  ),
  refused(
    "secrets-without-role",
    "Secrets want an execution role",
    /^When you are specifying container secrets, you must also specify a value for 'executionRoleArn'/,
    one({ secrets: [{ name: "KEY", valueFrom: "/key" }] }),
    { source: ecsApi("Secret") },
  ),
  refused(
    "awslogs-options",
    "awslogs wants a group and a Region",
    "Log driver awslogs requires options: awslogs-region, awslogs-group",
    one({ logConfiguration: { logDriver: "awslogs" } }),
    { source: ecsApi("LogConfiguration") },
  ),
  refused(
    "role",
    "A role is named by its name or ARN",
    "Role is not valid",
    { taskRoleArn: "no role!" },
    { source: ecsApi("RegisterTaskDefinition") },
  ),
  refused(
    "tags-reserved",
    "The key of a definition's tag does not begin with aws:",
    /aws:/,
    { tags: [{ key: "aws:mine", value: "1" }] },
    { source: ecsApi("Tag"), wording: "inferred" },
  ),
  refusal({
    id: "task-definition.wrong-type",
    title: "A number where a string belongs is a SerializationException",
    source: ecsApi("RegisterTaskDefinition"),
    wording: "observed",
    type: "SerializationException",
    message: /^STRING_VALUE cannot be converted to Integer$/,
    call: (context) =>
      context.ecs.send(
        new RegisterTaskDefinitionCommand({
          family: context.name(),
          containerDefinitions: [{ ...webContainer, memory: "64" as unknown as number }],
        }),
      ),
  }),
];
