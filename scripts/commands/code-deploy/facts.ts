import type { DeploymentGroupInfo, DeploymentInfo } from "@aws-sdk/client-codedeploy";

import { taskDefinitionIn } from "../../core/code-deploy/app-spec.ts";
import { groupOutputs, type CodeDeploySettings, type GroupOutputs } from "../../core/code-deploy/group.ts";
import {
  groupNameOf,
  knownDeployment,
  underWayStatuses,
  type CodeDeployFacts,
  type KnownDeployment,
} from "../../core/code-deploy/model.ts";
import { isDenied, RefusedError } from "../../core/errors.ts";
import { stackOutputFolder } from "../../core/naming.ts";
import type { CodeDeployPort } from "../../core/ports/code-deploy.ts";
import { shortName } from "../../core/short-name.ts";
import type { RunContext } from "../run-context.ts";

/** Where a service is found in AWS. */
export interface ServiceInCluster {
  readonly serviceName: string;
  readonly cluster: string;
}

/** CodeDeploy for this run. */
export async function codeDeployOf({ connect }: Pick<RunContext, "connect">): Promise<CodeDeployPort> {
  const { codeDeployPort } = await import("../../aws/code-deploy.ts");
  return connect(codeDeployPort);
}

/** A group with its application, which all calls about it name. */
export interface FoundGroup {
  readonly application: string;
  readonly group: DeploymentGroupInfo;
}

/**
 * The group that deploys a service: one of the service's name in the application that the stacks publish, else any
 * that names the service, there and then in all other applications. A service has one group at most.
 */
export async function findGroup(
  service: ServiceInCluster,
  port: CodeDeployPort,
  context: RunContext,
): Promise<FoundGroup | undefined> {
  const { found } = await search(service, port, context);
  return found;
}

/** Looks for a service's group; other environments' applications may be closed to this run. */
async function search(
  service: ServiceInCluster,
  port: CodeDeployPort,
  context: RunContext,
): Promise<{ readonly found?: FoundGroup; readonly closed: readonly string[] }> {
  const closed: string[] = [];
  const own = await ownApplication(context);
  if (own !== undefined) {
    const named = await port.group(own, service.serviceName);
    if (named !== undefined && deploys(named, service)) {
      return { found: { application: own, group: named }, closed };
    }
  }
  const others = (await port.applications()).filter((name) => name !== own);
  for (const application of own === undefined ? others : [own, ...others]) {
    const groups = await port.groups(application).catch((error: unknown) => {
      if (application === own || !isDenied(error)) throw error;
      closed.push(application);
      return [];
    });
    const group = groups.find((one) => deploys(one, service));
    if (group !== undefined) return { found: { application, group }, closed };
  }
  return { closed };
}

/** The name of the application that the stacks made for the environment. */
async function ownApplication({ parameters, environment }: RunContext): Promise<string | undefined> {
  const name = `${stackOutputFolder(environment.name)}codedeploy-application`;
  const value = (await parameters.read([name])).get(name);
  return value?.kind === "plain" ? value.value : undefined;
}

function deploys(
  { ecsServices = [] }: DeploymentGroupInfo,
  { serviceName, cluster }: ServiceInCluster,
): boolean {
  return ecsServices.some(
    (one) =>
      shortName(one.serviceName ?? "") === shortName(serviceName) &&
      shortName(one.clusterName ?? "default") === shortName(cluster),
  );
}

/** What the stacks have published for a service's group. */
export async function readGroupOutputs(
  name: string,
  settings: CodeDeploySettings,
  { parameters, environment }: RunContext,
): Promise<GroupOutputs> {
  const names = Object.entries(groupOutputs(name, settings));
  const path = (output: string): string => `${stackOutputFolder(environment.name)}${output}`;
  const values = await parameters.read(names.map(([, output]) => path(output)));
  return Object.fromEntries(
    names.flatMap(([key, output]) => {
      const value = values.get(path(output));
      return value?.kind === "plain" && value.value !== "" ? [[key, value.value]] : [];
    }),
  );
}

/**
 * The group that deploys a service, with the deployment that is under way there.
 *
 * @throws RefusedError where no group deploys it
 */
export async function factsOf(
  service: ServiceInCluster,
  port: CodeDeployPort,
  context: RunContext,
): Promise<CodeDeployFacts> {
  const { found, closed } = await search(service, port, context);
  if (found !== undefined) return withUnderWay(found, port);
  const unseen =
    closed.length === 0 ? "" : ` (not looked into, since access was denied: ${closed.join(", ")})`;
  throw new RefusedError(
    `Service ${service.serviceName} has deployment controller CODE_DEPLOY, and no deployment group of CodeDeploy in ${context.region} deploys it${unseen}. ./deploy create ${service.serviceName} makes one where environments.jsonc has services.${service.serviceName}.blueGreen by "codeDeploy" and the stacks are deployed.`,
  );
}

/** The group with the deployment that is under way there. */
export async function withUnderWay(found: FoundGroup, port: CodeDeployPort): Promise<CodeDeployFacts> {
  const { application, group } = found;
  const [underWay] = await newest(found, port, { statuses: underWayStatuses, limit: 1 });
  return { application, group, ...(underWay === undefined ? {} : { underWay }) };
}

/** A group's deployments, newest first, with what each of them deploys. */
export async function newest(
  { application, group }: FoundGroup,
  port: CodeDeployPort,
  query: { readonly statuses?: typeof underWayStatuses; readonly limit: number },
): Promise<readonly KnownDeployment[]> {
  const ids = await port.list(application, groupNameOf(group), query);
  const infos = await port.describe(ids);
  const texts = new Map<string, Promise<string | undefined>>();
  return Promise.all(infos.map((info) => known(info, application, port, texts)));
}

async function known(
  info: DeploymentInfo,
  application: string,
  port: CodeDeployPort,
  texts: Map<string, Promise<string | undefined>>,
): Promise<KnownDeployment> {
  const { revision = {} } = info;
  const key = JSON.stringify(revision);
  const asked = texts.get(key) ?? port.appSpec(application, revision);
  texts.set(key, asked);
  const text = await asked;
  return knownDeployment(info, text, text === undefined ? undefined : taskDefinitionIn(text));
}
