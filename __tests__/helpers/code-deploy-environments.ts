/** How a service's deployments get their traffic, as the environments file says it. */
export interface GroupSettings {
  readonly deploymentConfig?: string;
  readonly approvalMinutes?: number;
  readonly terminationMinutes?: number;
}

const firstPriority = 40_100;

/** The environments file of a project whose services CodeDeploy deploys; each has a priority by its turn. */
export function codeDeployEnvironments(
  region: string,
  settingsByName: ReadonlyMap<string, GroupSettings>,
): object {
  const services = [...settingsByName].map(([name, settings], index) => [
    name,
    {
      containerPort: 80,
      networkMode: "awsvpc",
      blueGreen: {
        by: "codeDeploy",
        host: `${name}.example.com`,
        priority: firstPriority + index,
        terminationMinutes: 1,
        ...settings,
      },
    },
  ]);
  return {
    users: { deployerAccessKey: false },
    environments: {
      test: {
        region,
        network: { cidr: "10.0.0.0/16", zones: ["us-east-1a", "us-east-1b"], nat: "one" },
        loadBalancers: { external: { listenerPort: 80, testListenerPort: 8080 } },
        cluster: { ec2: null },
        services: Object.fromEntries(services) as object,
      },
    },
  };
}

/** The priority of the service that is added to so many. */
export function priorityAfter(known: number): number {
  return firstPriority + known;
}
