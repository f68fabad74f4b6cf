import type { ContractCase } from "../suite/contract-case.ts";
import { ecsApi } from "../suite/sources.ts";
import { refused, one, two, awsvpc } from "./refused-task-definition.ts";

export const taskNetworkRefusals: readonly ContractCase[] = [
  refused(
    "port-out-of-range",
    "A container port is between 1 and 65535",
    /containerPort|port/i,
    one({ portMappings: [{ containerPort: 70_000 }] }),
    { source: ecsApi("PortMapping"), wording: "inferred" },
  ),
  refused(
    "host-port-twice",
    "A host port is mapped once in a task",
    "TCP host port '8080' is mapped multiple times in task.",
    two(
      { portMappings: [{ containerPort: 81, hostPort: 8080 }] },
      { portMappings: [{ containerPort: 80, hostPort: 8080 }] },
    ),
    { source: ecsApi("PortMapping") },
  ),
  refused(
    "ports-awsvpc",
    "In awsvpc mode host port and container port are equal",
    "When networkMode=awsvpc, the host ports and container ports in port mappings must match.",
    awsvpc({ portMappings: [{ containerPort: 80, hostPort: 8080 }] }),
    { source: ecsApi("PortMapping") },
  ),
  refused(
    "ports-host",
    "In host mode host port and container port are equal",
    "When networkMode=host, the host ports and container ports in port mappings must match.",
    { networkMode: "host", ...one({ portMappings: [{ containerPort: 80, hostPort: 8080 }] }) },
    { source: ecsApi("PortMapping") },
  ),
  refused(
    "port-name-twice",
    "The names of port mappings are unique",
    /port mapping name is already used/,
    one({
      portMappings: [
        { name: "http", containerPort: 80 },
        { name: "http", containerPort: 81 },
      ],
    }),
    { source: ecsApi("PortMapping") },
  ),
  refused(
    "port-range-reversed",
    "A range of container ports runs upwards",
    /Invalid 'containerPortRange' setting/,
    one({ portMappings: [{ containerPortRange: "90-80" }] }),
    { source: ecsApi("PortMapping") },
  ),
  refused(
    "port-range-and-port",
    "A mapping has a port or a range",
    /cannot specify both single port and port range/,
    one({ portMappings: [{ containerPort: 80, containerPortRange: "80-90" }] }),
    { source: ecsApi("PortMapping") },
  ),
  refused(
    "links-awsvpc",
    "Links are not for awsvpc",
    /^Links are not supported when networkMode=awsvpc/,
    { networkMode: "awsvpc", ...two({ links: ["web"] }, { portMappings: [] }) },
    { source: ecsApi("ContainerDefinition") },
  ),
  refused(
    "hostname-awsvpc",
    "A host name is not for awsvpc",
    /^hostname is not supported on container when networkMode=awsvpc/,
    awsvpc({ hostname: "web" }),
    { source: ecsApi("ContainerDefinition") },
  ),
  refused(
    "extra-hosts-awsvpc",
    "Extra hosts are not for awsvpc",
    /^Extra hosts are not supported on container when networkMode=awsvpc/,
    awsvpc({ extraHosts: [{ hostname: "db", ipAddress: "10.0.0.1" }] }),
    { source: ecsApi("ContainerDefinition") },
  ),
  refused(
    "dns-awsvpc",
    "DNS servers are not for awsvpc",
    /^DNS servers are not supported on container when networkMode=awsvpc/,
    awsvpc({ dnsServers: ["10.0.0.2"] }),
    { source: ecsApi("ContainerDefinition") },
  ),
  refused(
    "unknown-volume",
    "A mount point names a volume of the definition",
    /Unknown volume 'data'/,
    one({ mountPoints: [{ sourceVolume: "data", containerPath: "/data" }] }),
    { source: ecsApi("MountPoint") },
  ),
  refused(
    "unknown-volumes-from",
    "volumesFrom names a container of the definition",
    /^Invalid 'volumesFrom' setting\. Unknown container: 'data'/,
    one({ volumesFrom: [{ sourceContainer: "data" }] }),
    { source: ecsApi("VolumeFrom") },
  ),
  refused(
    "volume-at-launch-unmounted",
    "A volume configured at launch is mounted by a container",
    /^Volumes \[data\] are not referenced by any of the containers/,
    { volumes: [{ name: "data", configuredAtLaunch: true }] },
    { source: ecsApi("Volume") },
  ),
  refused(
    "efs-iam",
    "IAM authorization of EFS wants encryption in transit",
    /^EFS IAM authorization requires TransitEncryption to be enabled/,
    {
      volumes: [
        {
          name: "data",
          efsVolumeConfiguration: { fileSystemId: "fs-12345678", authorizationConfig: { iam: "ENABLED" } },
        },
      ],
    },
    { source: ecsApi("EFSAuthorizationConfig") },
  ),
  refused(
    "network-mode-enum",
    "networkMode is one of the API's",
    /networkMode|network mode/i,
    { networkMode: "vlan" as never },
    { source: ecsApi("RegisterTaskDefinition"), wording: "inferred" },
  ),
];
