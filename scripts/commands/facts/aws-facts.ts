import { ecsCapacityPort } from "../../aws/ecs-capacity.ts";
import { ecsTasksPort } from "../../aws/ecs-tasks.ts";
import { AwsCallError } from "../../core/errors.ts";
import type { Answer, Facts } from "../../core/verify/facts.ts";
import type { RunContext } from "../run-context.ts";

/**
 * Facts read through the run's AWS ports: each thing once, and what AWS tells of many at a time together. A call that
 * fails is told in AWS's words instead of thrown.
 */
export function awsFacts({ connect }: Pick<RunContext, "connect">): Facts {
  const port = {
    ecr: lazily(async () => connect((await import("../../aws/ecr.ts")).ecrPort)),
    iam: lazily(async () => connect((await import("../../aws/iam.ts")).iamPort)),
    secrets: lazily(async () => connect((await import("../../aws/secrets.ts")).secretsPort)),
    monitoring: lazily(async () => connect((await import("../../aws/monitoring.ts")).monitoringPort)),
    capacity: lazily(() => Promise.resolve(connect(ecsCapacityPort))),
    tasks: lazily(() => Promise.resolve(connect(ecsTasksPort))),
    network: lazily(async () => connect((await import("../../aws/network.ts")).networkPort)),
    balancers: lazily(async () => connect((await import("../../aws/load-balancers.ts")).loadBalancersPort)),
  };
  const parametersIn = once((region: string) =>
    together(
      async (names) => (await port.secrets()).parameters(names, region),
      ({ name, arn }) => [name, arn],
    ),
  );
  return {
    image: once(async (image) => one(async () => (await port.ecr()).image(image))),
    role: once(async (name) => one(async () => (await port.iam()).role(name))),
    simulate: once(async (arn, actions, resources) =>
      one(async () => (await port.iam()).simulate(arn, actions, resources)),
    ),
    secret: once(async (id, region) => one(async () => (await port.secrets()).secret(id, region))),
    secretHasPolicy: once(async (id, region) =>
      one(async () => (await port.secrets()).hasPolicy(id, region)),
    ),
    parameter: (name, region) => parametersIn(region)(name),
    logGroup: once(async (name, region) =>
      one(async () => ((await (await port.monitoring()).hasLogGroup(name, region)) ? true : undefined)),
    ),
    alarm: together(
      async (names) => (await port.monitoring()).alarms(names),
      ({ name }) => [name],
    ),
    cluster: once(async (name) => one(async () => (await port.capacity()).cluster(name))),
    capacityProvider: together(
      async (names) => (await port.capacity()).capacityProviders(names),
      ({ name, capacityProviderArn }) => [name, capacityProviderArn],
    ),
    hosts: once(async (cluster) => one(async () => (await port.tasks()).hosts(cluster, Infinity))),
    subnet: together(
      async (ids) => (await port.network()).subnets(ids),
      ({ SubnetId }) => [SubnetId],
    ),
    securityGroup: together(
      async (ids) => (await port.network()).securityGroups(ids),
      ({ GroupId }) => [GroupId],
    ),
    instance: together(
      async (ids) => (await port.network()).instances(ids),
      ({ InstanceId }) => [InstanceId],
    ),
    targetGroup: together(
      async (arns) => (await port.balancers()).targetGroups(arns),
      ({ TargetGroupArn }) => [TargetGroupArn],
    ),
    loadBalancer: together(
      async (arns) => (await port.balancers()).loadBalancers(arns),
      ({ LoadBalancerArn }) => [LoadBalancerArn],
    ),
  };
}

/** A port is made, and its SDK client loaded, when it is first needed. */
function lazily<Port>(make: () => Promise<Port>): () => Promise<Port> {
  let made: Promise<Port> | undefined;
  return () => {
    if (made === undefined) {
      // One after the other: loading is work for the processor, and Jest's loader takes one at a time.
      made = loading.then(make);
      loading = made.then(
        () => undefined,
        () => undefined,
      );
    }
    return made;
  };
}

let loading: Promise<void> = Promise.resolve();

/** Remembers answers by what was asked. */
function once<Asked extends unknown[], Value>(ask: (...asked: Asked) => Value): (...asked: Asked) => Value {
  const answers = new Map<string, Value>();
  return (...asked) => {
    const key = JSON.stringify(asked);
    const known = answers.get(key);
    if (known !== undefined) return known;
    const answer = ask(...asked);
    answers.set(key, answer);
    return answer;
  };
}

async function one<Value>(ask: () => Promise<Value | undefined>): Promise<Answer<Value>> {
  try {
    const value = await ask();
    return value === undefined ? { kind: "missing" } : { kind: "found", value };
  } catch (error) {
    return unread(error);
  }
}

/** Asks for what is wanted at the same moment by one call. `keys` are the names that something is known by. */
function together<Value>(
  ask: (keys: readonly string[]) => Promise<readonly Value[]>,
  keys: (value: Value) => readonly (string | undefined)[],
): (key: string) => Promise<Answer<Value>> {
  let batch: { readonly wanted: Set<string>; readonly answer: Promise<readonly Value[]> } | undefined;
  return once(async (key: string): Promise<Answer<Value>> => {
    if (batch === undefined) {
      const wanted = new Set<string>();
      // The others that this turn of the event loop brings are in the set by then.
      const answer = new Promise((resolve) => setImmediate(resolve)).then(() => {
        batch = undefined;
        return ask([...wanted]);
      });
      batch = { wanted, answer };
    }
    batch.wanted.add(key);
    const { answer } = batch;
    return one(async () => (await answer).find((value) => keys(value).includes(key)));
  });
}

function unread(error: unknown): Answer<never> {
  if (!(error instanceof AwsCallError)) throw error;
  // The first line is AWS's; what follows is advice for a run that ends on it.
  return { kind: "unread", why: error.message.split("\n")[0] ?? error.message };
}
