import type { Status } from "../gateway/status.ts";
import { endpointOn, statusOn } from "./client.ts";
import type { CommandLine } from "./command-line.ts";
import { CommandError, type Output } from "./output.ts";

/** `./local status`: the endpoint, the listeners' addresses on this machine, the services. */
export async function status({ port, output: form }: CommandLine, output: Output): Promise<void> {
  const current = await statusOn(port);
  if (!current) throw new CommandError(`No local AWS runs at ${endpointOn(port)}. Start it: ./local start`);
  output.result(form === "json" ? JSON.stringify(current, null, 2) : statusText(current));
}

/** A status for people to read. */
function statusText(current: Status): string {
  const listeners = current.listeners.map(
    ({ loadBalancer, protocol, port, url }) => `  ${loadBalancer} ${protocol}:${port} → ${url}`,
  );
  const clusters = current.clusters.flatMap(({ name, region, hosts, services }) => [
    `Cluster ${name} (${region}, ${hosts} ${hosts === 1 ? "host" : "hosts"})`,
    ...services.map(
      (service) =>
        `  ${service.name} ${service.status} ${service.runningCount}/${service.desiredCount} running` +
        `${service.pendingCount > 0 ? `, ${service.pendingCount} pending` : ""}, ` +
        `${service.taskDefinition.slice(service.taskDefinition.lastIndexOf("/") + 1)} ${service.rolloutState}`,
    ),
  ]);
  return [
    `Endpoint ${current.endpoint} (process ${current.pid}, speed ${current.speed}, moto ${current.moto.version})`,
    ...modes(current),
    listeners.length > 0 ? "Load balancers" : "No load balancer listens yet",
    ...listeners,
    ...(clusters.length > 0 ? clusters : ["No cluster yet"]),
  ].join("\n");
}

/** What makes this local AWS behave otherwise than it does unless told. */
function modes({ held, throttle, enforceIam, docker, faults }: Status): string[] {
  const told = [
    held && "time is held (./local time resume)",
    !throttle && "calls are not throttled",
    enforceIam && "IAM is enforced",
    docker && "real images run in Docker",
    faults.length > 0 &&
      `${faults.length} ${faults.length === 1 ? "fault" : "faults"} in force (./local fault list)`,
  ].filter((part) => typeof part === "string");
  return told.length > 0 ? [`Note: ${told.join("; ")}`] : [];
}
