import type { ContractCase } from "../suite/contract-case.ts";
import { ecsApi } from "../suite/sources.ts";
import { behind } from "../suite/target-groups.ts";
import { refused, oneSubnet, inVpc } from "./refused-service.ts";

export const serviceLoadBalancingRefusals: readonly ContractCase[] = [
  refused(
    "registries",
    "A service has one service registry at most",
    /^service registries can have at most 1 items/,
    {
      serviceRegistries: ["a", "b"].map((end) => ({
        registryArn: `arn:aws:servicediscovery:us-east-1:123456789012:service/srv-${end}`,
      })),
    },
    { source: ecsApi("ServiceRegistry") },
  ),
  refused(
    "registry-container",
    "In bridge mode a registry names container and port",
    /^When specifying 'host' or 'bridge' for networkMode, values for 'containerName' and 'containerPort' must be specified/,
    { serviceRegistries: [{ registryArn: "arn:aws:servicediscovery:us-east-1:123456789012:service/srv-a" }] },
    { source: ecsApi("ServiceRegistry") },
  ),
  refused(
    "connect-namespace",
    "Service Connect wants a namespace, of the service or of the cluster",
    /[Nn]amespace/,
    { serviceConnectConfiguration: { enabled: true } },
    { source: ecsApi("ServiceConnectConfiguration") },
  ),
  refused(
    "connect-port",
    "Service Connect names ports by their names in the definition",
    /^portName\(http\) does not refer to any named PortMapping in the container definitions/,
    { serviceConnectConfiguration: { enabled: true, namespace: "web", services: [{ portName: "http" }] } },
    { source: ecsApi("ServiceConnectService"), localOnly: "it takes a namespace of Cloud Map" },
  ),
  refused(
    "volume-name",
    "A volume configuration is for a volume of the definition",
    /^The volume name 'data' in your request does not have a matching volume in your Task Definition/,
    {
      volumeConfigurations: [
        { name: "data", managedEBSVolume: { roleArn: "arn:aws:iam::123456789012:role/ebs", sizeInGiB: 10 } },
      ],
    },
    { source: ecsApi("ServiceVolumeConfiguration") },
  ),
  refused(
    "container-missing",
    "A load balancer names a container of the definition",
    "The container app does not exist in the task definition.",
    async (context) => ({
      loadBalancers: [
        { targetGroupArn: (await context.targetGroup()).arn, containerName: "app", containerPort: 80 },
      ],
    }),
    { source: ecsApi("LoadBalancer"), needs: ["load balancer"] },
  ),
  refused(
    "container-port-missing",
    "A load balancer names a port of the container",
    "The container web did not have a container port 81 defined.",
    async (context) => ({
      loadBalancers: [
        { targetGroupArn: (await context.targetGroup()).arn, containerName: "web", containerPort: 81 },
      ],
    }),
    { source: ecsApi("LoadBalancer"), needs: ["load balancer"] },
  ),
  refused(
    "target-group-missing",
    "A target group that is not there cannot be validated",
    /^Unable to assume role and validate the specified targetGroupArn\./,
    {
      loadBalancers: [
        {
          targetGroupArn:
            "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/none/0123456789abcdef",
          containerName: "web",
          containerPort: 80,
        },
      ],
    },
    { source: ecsApi("LoadBalancer") },
  ),
  refused(
    "target-group-idle",
    "A target group belongs to a load balancer",
    /^The target group with targetGroupArn arn:.* does not have an associated load balancer\.$/,
    async (context) => behind(await context.targetGroup({ behindListener: false })),
    { source: ecsApi("LoadBalancer"), needs: ["load balancer"] },
  ),
  refused(
    "target-type",
    "awsvpc wants a target group of addresses",
    /has target type instance, which is incompatible with the awsvpc network mode specified in the task definition\.$/,
    async (context) => ({
      ...behind(await context.targetGroup()),
      taskDefinition: await inVpc(context),
      networkConfiguration: await oneSubnet(context),
    }),
    { source: ecsApi("LoadBalancer"), needs: ["load balancer"] },
  ),
  refused(
    "target-type-of-bridge",
    "bridge wants a target group of instances",
    /has target type ip, which is incompatible with the bridge network mode specified in the task definition\.$/,
    async (context) => behind(await context.targetGroup({ targetType: "ip" })),
    { source: ecsApi("LoadBalancer"), needs: ["load balancer"] },
  ),
  refused(
    "group-and-name",
    "A load balancer is named in one way",
    /^loadBalancerName and targetGroupArn cannot both be specified/,
    async (context) => ({
      loadBalancers: [
        {
          targetGroupArn: (await context.targetGroup()).arn,
          loadBalancerName: "classic",
          containerName: "web",
          containerPort: 80,
        },
      ],
    }),
    { source: ecsApi("LoadBalancer"), needs: ["load balancer"] },
  ),
  refused(
    "code-deploy-without-load-balancer",
    "CODE_DEPLOY wants a load balancer",
    /load balancer/i,
    { deploymentController: { type: "CODE_DEPLOY" } },
    { source: ecsApi("DeploymentController"), wording: "inferred" },
  ),
];
