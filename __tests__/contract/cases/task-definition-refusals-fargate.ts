import type { ContractCase } from "../suite/contract-case.ts";
import { ecsApi, ecsGuide } from "../suite/sources.ts";
import { refused, one, fargate, sizes, noSize } from "./refused-task-definition.ts";

export const fargateRefusals: readonly ContractCase[] = [
  refused(
    "fargate-network-mode",
    "Fargate runs awsvpc only",
    "Fargate only supports network mode ‘awsvpc’.",
    { ...fargate({}), networkMode: "bridge" },
    { source: sizes },
  ),
  refused(
    "fargate-cpu-missing",
    "Fargate wants a size on the task",
    /^Fargate requires that 'cpu' be defined at the task level\./,
    fargate({ cpu: undefined }),
    { source: sizes },
  ),
  refused(
    "fargate-memory-for-cpu",
    "Fargate has no 4096 MiB with 256 CPU units",
    noSize,
    fargate({ cpu: "256", memory: "4096" }),
    { source: ecsGuide("task-cpu-memory-error"), wording: "documented" },
  ),
  refused(
    "fargate-memory-step",
    "Fargate with 8 vCPUs has memory in steps of 4 GiB",
    noSize,
    fargate({ cpu: "8192", memory: "17408" }),
    { source: sizes, wording: "documented" },
  ),
  refused(
    "fargate-windows",
    "Windows on Fargate wants a vCPU at least",
    noSize,
    fargate({
      cpu: "512",
      memory: "1024",
      runtimePlatform: { operatingSystemFamily: "WINDOWS_SERVER_2022_CORE", cpuArchitecture: "X86_64" },
    }),
    { source: ecsApi("RegisterTaskDefinition") },
  ),
  refused(
    "fargate-log-role",
    "On Fargate awslogs wants an execution role",
    "Fargate requires task definition to have execution role ARN to support log driver awslogs.",
    fargate(
      one({
        portMappings: [],
        logConfiguration: {
          logDriver: "awslogs",
          options: { "awslogs-group": "g", "awslogs-region": "us-east-1" },
        },
      }),
    ),
    { source: ecsApi("LogConfiguration") },
  ),
  refused(
    "fargate-ecr-role",
    "On Fargate an image in ECR wants an execution role",
    "Fargate requires task definition to have execution role ARN to support ECR images.",
    fargate(one({ portMappings: [], image: "123456789012.dkr.ecr.us-east-1.amazonaws.com/web:1" })),
    { source: ecsGuide("task_execution_IAM_role") },
  ),
  refused(
    "fargate-log-driver",
    "Fargate has the log drivers awslogs, splunk and awsfirelens",
    /^syslog is not a valid log driver\. Must be one of/,
    fargate(one({ portMappings: [], logConfiguration: { logDriver: "syslog" } })),
    { source: ecsApi("LogConfiguration") },
  ),
  refused(
    "fargate-constraints",
    "Fargate has no placement constraints",
    /^Fargate compatible task definitions do not support constraints/,
    fargate({
      placementConstraints: [{ type: "memberOf", expression: "attribute:ecs.instance-type == t3.small" }],
    }),
    { source: ecsApi("RegisterTaskDefinition") },
  ),
  refused(
    "fargate-ipc",
    "Fargate has no ipcMode",
    /^Fargate compatible task definitions do not support ipcMode/,
    fargate({ ipcMode: "host" }),
    { source: ecsApi("RegisterTaskDefinition") },
  ),
  refused(
    "fargate-pid-host",
    "Fargate shares no process ids with the host",
    /^Tasks using the Fargate launch type do not support pidMode 'host'/,
    fargate({ pidMode: "host" }),
    { source: ecsApi("RegisterTaskDefinition") },
  ),
  refused(
    "fargate-devices",
    "Fargate has no devices",
    /^Fargate compatible task definitions do not support devices/,
    fargate(one({ portMappings: [], linuxParameters: { devices: [{ hostPath: "/dev/null" }] } })),
    { source: ecsApi("LinuxParameters") },
  ),
  refused(
    "fargate-shared-memory",
    "Fargate has no sharedMemorySize",
    /^Fargate compatible task definitions do not support sharedMemorySize/,
    fargate(one({ portMappings: [], linuxParameters: { sharedMemorySize: 64 } })),
    { source: ecsApi("LinuxParameters") },
  ),
  refused(
    "fargate-host-path",
    "Fargate mounts no path of a host",
    /^Fargate compatible task definitions do not support sourcePath/,
    fargate({ volumes: [{ name: "data", host: { sourcePath: "/data" } }] }),
    { source: ecsApi("HostVolumeProperties") },
  ),
  refused(
    "fargate-capability",
    "Of the capabilities Fargate adds SYS_PTRACE alone",
    /^NET_ADMIN is not allowed on Fargate/,
    fargate(one({ portMappings: [], linuxParameters: { capabilities: { add: ["NET_ADMIN"] } } })),
    { source: ecsApi("KernelCapabilities") },
  ),
  refused(
    "fargate-stop-timeout",
    "Fargate waits 120 seconds at most for a container to stop",
    /^Tasks using the Fargate launch type must have a container stop timeout of less than 120 seconds/,
    fargate(one({ portMappings: [], stopTimeout: 121 })),
    { source: ecsApi("ContainerDefinition") },
  ),
  refused(
    "fargate-storage",
    "Ephemeral storage is 21 to 200 GiB",
    /21|200/,
    fargate({ ephemeralStorage: { sizeInGiB: 20 } }),
    { source: ecsApi("EphemeralStorage"), wording: "inferred" },
  ),
];
