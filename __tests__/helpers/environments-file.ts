import { parseEnvironments } from "../../scripts/core/environments.ts";

const least = {
  region: "eu-west-1",
  network: { cidr: "10.1.0.0/16", zones: 2 },
  cluster: { ec2: null },
  domain: { name: "example.com" },
};
export const rule = { priority: 40_000, targetGroup: "ip" };
export const staged = { by: "stage" };
export const codeDeploy = { by: "codeDeploy", priority: 40_100 };
export const native = { by: "ecs", priority: 40_200 };
export const certificate = (region: string) => `arn:aws:acm:${region}:123456789012:certificate/12345678-abcd`;

export type Fields = Record<string, unknown>;

/** An environment with these services, each with its way of deploying, behind an external load balancer. */
export function deployed(
  services: Record<string, Fields>,
  fields: Fields = {},
  balancer: Fields = {},
): Fields {
  const all = Object.entries(services).map(([name, blueGreen]) => [
    name,
    { containerPort: 80, networkMode: "awsvpc", blueGreen },
  ]);
  return { ...least, loadBalancers: { external: balancer }, services: Object.fromEntries(all), ...fields };
}

/** Everything that is wrong with a file of these environments. */
export function problemsOf(environments: Record<string, unknown>): { path: string; message: string }[] {
  const parsed = parseEnvironments(JSON.stringify({ environments }));
  return parsed.ok ? [] : parsed.problems.map(({ path, message }) => ({ path, message }));
}

/** The text of a file with environment test, which has one service and these fields. */
export function withOneService(service: string, fields: Fields): string {
  const test = {
    region: "us-east-1",
    network: { cidr: "10.0.0.0/16", zones: 2 },
    cluster: { ec2: null },
    services: { [service]: { containerPort: 80, networkMode: "awsvpc" } },
    ...fields,
  };
  return JSON.stringify({ environments: { test } });
}
