/**
 * ARNs and condition keys of calls to ECS.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
 */
import type { EcsState } from "../../ecs/state.ts";
import type { Context } from "../pattern.ts";
import type { Action } from "./action-data.ts";
import type { AskingCall } from "./asked.ts";
import { objectsIn, textIn, textsIn, type Parameters } from "./parameters.ts";

/** The ARNs that a call of ECS is authorized on; `*` when its action takes none or the call names none. */
export function ecsResources({ resourceTypes }: Action, call: AskingCall): string[] {
  const found = resourceTypes.flatMap(({ name }) => ofType(name, call));
  return found.length > 0 ? [...new Set(found)] : ["*"];
}

function ofType(type: string, call: AskingCall): string[] {
  const { parameters, operation } = call;
  const cluster = clusterName(parameters);
  const arn = (resource: string): string => `arn:aws:ecs:${call.region}:${call.account}:${resource}`;
  const below = (kind: string, names: readonly string[]): string[] =>
    names.map((name) => (name.startsWith("arn:") ? name : arn(`${kind}/${cluster}/${name}`)));
  const tagged = textsIn(parameters, "resourceArn").filter((name) => name.includes(`:${type}/`));
  switch (type) {
    case "cluster":
      return tagged.length > 0 || operation.endsWith("Resource")
        ? tagged
        : clusters(parameters).map((name) => arn(`cluster/${name}`));
    case "service":
      return [...tagged, ...below(type, services(parameters)), ...parentServices(parameters)];
    case "task":
      return [...tagged, ...below(type, textsIn(parameters, "task", "tasks"))];
    case "container-instance": {
      const given = textsIn(parameters, "containerInstance", "containerInstances");
      // A list of tasks is authorized on the cluster's hosts, even where it has none.
      const names = given.length > 0 || operation !== "ListTasks" ? given : ["*"];
      return [...tagged, ...below(type, names), ...below(type, attributeTargets(parameters))];
    }
    case "task-definition":
      return [
        ...tagged,
        ...taskDefinitions(call).map((name) => (name.startsWith("arn:") ? name : arn(name))),
      ];
    case "task-set": {
      const [service = "*"] = services(parameters).map(lastOf);
      const sets = operation === "CreateTaskSet" ? ["*"] : textsIn(parameters, "taskSet", "taskSets");
      const asked = sets.length > 0 || operation !== "DescribeTaskSets" ? sets : ["*"];
      return [
        ...tagged,
        ...below(
          "task-set",
          asked.map((id) => (id.startsWith("arn:") ? id : `${service}/${id}`)),
        ),
      ];
    }
    case "capacity-provider": {
      const names = textsIn(parameters, "capacityProvider", "capacityProviders", "name");
      return [...tagged, ...names.map((name) => (name.startsWith("arn:") ? name : arn(`${type}/${name}`)))];
    }
    case "service-deployment":
      return textsIn(parameters, "serviceDeploymentArn", "serviceDeploymentArns");
    case "service-revision":
      return textsIn(parameters, "serviceRevisionArns");
    default:
      return tagged;
  }
}

function lastOf(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

function services(parameters: Parameters): string[] {
  return textsIn(parameters, "service", "services", "serviceName");
}

/** The services of deployments and revisions, which carry them in their ARNs. */
function parentServices(parameters: Parameters): string[] {
  return textsIn(parameters, "serviceDeploymentArn", "serviceDeploymentArns", "serviceRevisionArns").map(
    (arn) => arn.replace(/:service-(?:deployment|revision)\//, ":service/").replace(/\/[^/]+$/, ""),
  );
}

function attributeTargets(parameters: Parameters): string[] {
  return objectsIn(parameters, "attributes").flatMap((attribute) => textsIn(attribute, "targetId"));
}

function clusters(parameters: Parameters): string[] {
  const named = textsIn(parameters, "clusters", "cluster", "clusterName").map(lastOf);
  return named.length > 0 ? named : ["default"];
}

function clusterName(parameters: Parameters): string {
  const [byArn] = [
    ...textsIn(parameters, "resourceArn"),
    ...services(parameters),
    ...parentServices(parameters),
  ]
    .map((name) => /:(?:service|task|container-instance|task-set)\/([^/]+)\/./.exec(name)?.[1])
    .filter((name) => name !== undefined);
  return byArn ?? clusters(parameters)[0] ?? "default";
}

/** As the call names it: without a revision where it gives none, which a policy on `family:*` does not mean. */
function taskDefinitions({ operation, parameters }: AskingCall): string[] {
  if (operation === "RegisterTaskDefinition") {
    return [`task-definition/${textIn(parameters, "family") ?? "*"}:*`];
  }
  return textsIn(parameters, "taskDefinition", "taskDefinitions").map((name) =>
    name.startsWith("arn:") ? name : `task-definition/${name}`,
  );
}

/** What a call of ECS has for the service's own condition keys. */
export function ecsContext(call: AskingCall, { clusters: known }: EcsState): Context {
  const { parameters, region, account } = call;
  const arn = (resource: string): string => `arn:aws:ecs:${region}:${account}:${resource}`;
  const cluster = clusterName(parameters);
  const context: Record<string, string | readonly string[]> = {
    "ecs:cluster": known[cluster]?.arn ?? arn(`cluster/${cluster}`),
  };
  const put = (key: string, values: readonly string[]): void => {
    if (values.length > 0) context[key] = values.length === 1 ? (values[0] ?? "") : values;
  };
  const network =
    objectsIn(objectsIn(parameters, "networkConfiguration")[0] ?? {}, "awsvpcConfiguration")[0] ?? {};
  const strategy = [
    ...objectsIn(parameters, "capacityProviderStrategy"),
    ...objectsIn(parameters, "defaultCapacityProviderStrategy"),
  ].flatMap((item) => textsIn(item, "capacityProvider"));
  const providers = [...new Set([...strategy, ...textsIn(parameters, "capacityProviders")])];
  const containers = objectsIn(parameters, "containerDefinitions");
  const [service] = services(parameters);
  const [parent] = parentServices(parameters);
  const serviceArn =
    service?.startsWith("arn:") === true ? service : arn(`service/${cluster}/${service ?? ""}`);
  put("ecs:service", service === undefined ? (parent === undefined ? [] : [parent]) : [serviceArn]);
  put(
    "ecs:task",
    textsIn(parameters, "task").map((task) => below(task, arn(`task/${cluster}/`))),
  );
  put(
    "ecs:container-instances",
    textsIn(parameters, "containerInstances").map((one) => below(one, arn(`container-instance/${cluster}/`))),
  );
  put(
    "ecs:task-definition",
    taskDefinitions(call).map((name) => below(name, arn(""))),
  );
  put(
    "ecs:capacity-provider",
    providers.map((name) => below(name, arn("capacity-provider/"))),
  );
  put("ecs:container-name", textsIn(parameters, "container"));
  put("ecs:account-setting", textsIn(parameters, "name"));
  put("ecs:enable-execute-command", textsIn(parameters, "enableExecuteCommand"));
  put("ecs:enable-ecs-managed-tags", textsIn(parameters, "enableECSManagedTags"));
  put("ecs:propagate-tags", textsIn(parameters, "propagateTags"));
  put("ecs:subnet", textsIn(network, "subnets"));
  put(
    "ecs:auto-assign-public-ip",
    textsIn(network, "assignPublicIp").map((value) => String(value === "ENABLED")),
  );
  put("ecs:task-cpu", textsIn(parameters, "cpu").map(units));
  put("ecs:task-memory", textsIn(parameters, "memory").map(units));
  put("ecs:compute-compatibility", textsIn(parameters, "requiresCompatibilities"));
  put("ecs:privileged", [...new Set(containers.flatMap((one) => textsIn(one, "privileged")))]);
  const connect = objectsIn(parameters, "serviceConnectConfiguration")[0];
  put("ecs:enable-service-connect", connect ? textsIn(connect, "enabled") : []);
  put("ecs:namespace", connect ? textsIn(connect, "namespace") : []);
  put("ecs:enable-ebs-volumes", present(parameters, "volumeConfigurations"));
  put("ecs:enable-vpc-lattice", present(parameters, "vpcLatticeConfigurations"));
  return context;
}

function below(name: string, prefix: string): string {
  return name.startsWith("arn:") ? name : prefix + name;
}

function present(parameters: Parameters, name: string): string[] {
  return parameters[name] === undefined ? [] : [String(objectsIn(parameters, name).length > 0)];
}

/** `0.5 vCPU` and `1 GB` in units of 1024. */
function units(value: string): string {
  const [, amount, unit] = /^([\d.]+)\s*(vcpu|gb)?$/i.exec(value.trim()) ?? [];
  return unit === undefined ? value : String(Number(amount) * 1024);
}
