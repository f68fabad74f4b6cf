import type { Service, TaskDefinition } from "@aws-sdk/client-ecs";

/** Where one container's lines go. */
export interface LogPlace {
  readonly container: string;
  readonly group: string;
  /** Where it is not the service's own. */
  readonly region?: string;
  /** Without one, which EC2 allows, a stream carries the container's runtime id alone. */
  readonly streamPrefix?: string;
}

/** What a revision says of its containers' logs. */
export interface LogPlaces {
  readonly places: readonly LogPlace[];
  /** Containers whose lines are not in CloudWatch Logs, as in `web: splunk`. */
  readonly elsewhere: readonly string[];
}

/**
 * Reads the awslogs options of a revision's containers.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-log-config.html
 */
export function logPlaces({ containerDefinitions = [] }: TaskDefinition): LogPlaces {
  const places: LogPlace[] = [];
  const elsewhere: string[] = [];
  for (const { name = "", logConfiguration } of containerDefinitions) {
    const { logDriver, options = {} } = logConfiguration ?? {};
    const group = options["awslogs-group"];
    if (logDriver !== "awslogs" || group === undefined) {
      elsewhere.push(`${name}: ${logDriver ?? "no log driver, so the host keeps them"}`);
      continue;
    }
    const region = options["awslogs-region"];
    const streamPrefix = options["awslogs-stream-prefix"];
    places.push({
      container: name,
      group,
      ...(region === undefined ? {} : { region }),
      ...(streamPrefix === undefined ? {} : { streamPrefix }),
    });
  }
  return { places, elsewhere };
}

/** ARNs of the revisions that a service runs or is about to run, the newest deployment's first. */
export function revisionsOf({ taskDefinition, deployments = [], taskSets = [] }: Service): readonly string[] {
  const arns = [
    taskDefinition,
    ...deployments.map((deployment) => deployment.taskDefinition),
    ...taskSets.map((taskSet) => taskSet.taskDefinition),
  ];
  return [...new Set(arns.flatMap((arn) => arn ?? []))];
}

/** The id in a task's ARN, or the id itself. */
export function taskIdOf(arn: string | undefined): string {
  return arn?.slice(arn.lastIndexOf("/") + 1) ?? "";
}

/** What a stream's name says of it. */
export interface StreamOrigin {
  readonly container: string;
  readonly task: string;
}

/** The container and the task of a stream `<prefix>/<container>/<task id>`; undefined for any other. */
export function originOf(stream: string, prefix: string): StreamOrigin | undefined {
  if (!stream.startsWith(`${prefix}/`)) return undefined;
  const [container, task, ...more] = stream.slice(prefix.length + 1).split("/");
  if (container === undefined || task === undefined || more.length > 0) return undefined;
  return { container, task };
}
