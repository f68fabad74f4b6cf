import type {
  ApplicationInfo,
  BatchGetApplicationsCommandInput,
  CreateApplicationCommandInput,
  DeleteApplicationCommandInput,
  GetApplicationCommandInput,
  ListApplicationsCommandInput,
  UpdateApplicationCommandInput,
} from "@aws-sdk/client-codedeploy";

import { uuid } from "../../world/identifiers.ts";
import type { Call } from "../../ecs/api/call.ts";
import type { ApplicationRecord } from "../state.ts";
import { checkName, pageOf, refusal } from "./errors.ts";
import { arnOf, findApplication } from "./find.ts";

/** Refuses the compute platforms that the local AWS has not. */
export function checkPlatform(platform: string | undefined): void {
  const asked = platform ?? "Server";
  if (asked === "ECS") return;
  if (asked !== "Server" && asked !== "Lambda") {
    throw refusal(
      "InvalidComputePlatform",
      "The computePlatform is invalid. The computePlatform should be Lambda, Server, or ECS.",
    );
  }
  throw refusal(
    "InvalidComputePlatform",
    `The local AWS runs CodeDeploy for compute platform ECS only, not for ${asked}.`,
  );
}

/** Creates an application of compute platform ECS. */
export function createApplication(
  call: Call,
  { applicationName: name = "", computePlatform, tags }: CreateApplicationCommandInput,
): { applicationId: string } {
  const { applications, tags: known } = call.state.codedeploy;
  checkName("Application", name);
  checkPlatform(computePlatform);
  if (applications[name]) {
    throw refusal("ApplicationAlreadyExists", `Application with name ${name} already exists`);
  }
  const id = uuid(call.state);
  applications[name] = { id, name, createdAt: call.now, groups: {}, revisions: [] };
  known[arnOf(call, "application", name)] = tags ?? [];
  return { applicationId: id };
}

function present(call: Call, { id, name, createdAt }: ApplicationRecord): ApplicationInfo {
  return {
    applicationId: id,
    applicationName: name,
    createTime: call.toDate(createdAt),
    linkedToGitHub: false,
    computePlatform: "ECS",
  };
}

/** Tells of an application. */
export function getApplication(
  call: Call,
  input: GetApplicationCommandInput,
): { application: ApplicationInfo } {
  return { application: present(call, findApplication(call, input.applicationName)) };
}

/** Tells of several applications; those that are not there are left out. */
export function batchGetApplications(
  call: Call,
  { applicationNames = [] }: BatchGetApplicationsCommandInput,
): { applicationsInfo: ApplicationInfo[] } {
  checkBatch(applicationNames, 100);
  const found = applicationNames.flatMap((name) => call.state.codedeploy.applications[name] ?? []);
  return { applicationsInfo: found.map((application) => present(call, application)) };
}

/** Refuses a batch of more names than CodeDeploy takes. */
export function checkBatch(names: readonly unknown[], most: number): void {
  if (names.length <= most) return;
  throw refusal(
    "BatchLimitExceeded",
    `The maximum number of names or IDs allowed for this request (${most}) was exceeded.`,
  );
}

/** Lists the names of applications, 100 a page. */
export function listApplications(
  { state }: Call,
  { nextToken }: ListApplicationsCommandInput,
): { applications: string[]; nextToken: string | undefined } {
  const { items, nextToken: next } = pageOf(Object.keys(state.codedeploy.applications), nextToken);
  return { applications: items, nextToken: next };
}

/** Renames an application. */
export function updateApplication(
  call: Call,
  { applicationName, newApplicationName: name }: UpdateApplicationCommandInput,
): Record<string, never> {
  const { applications, deployments, tags } = call.state.codedeploy;
  const application = findApplication(call, applicationName);
  if (name === undefined || name === application.name) return {};
  checkName("Application", name);
  if (applications[name]) {
    throw refusal("ApplicationAlreadyExists", `Application with name ${name} already exists`);
  }
  const before = application.name;
  tags[arnOf(call, "application", name)] = tags[arnOf(call, "application", before)] ?? [];
  Reflect.deleteProperty(tags, arnOf(call, "application", before));
  application.name = name;
  for (const group of Object.values(application.groups)) {
    group.applicationName = name;
    const groupArn = (owner: string) => arnOf(call, "deploymentgroup", `${owner}/${group.name}`);
    tags[groupArn(name)] = tags[groupArn(before)] ?? [];
    Reflect.deleteProperty(tags, groupArn(before));
  }
  for (const deployment of Object.values(deployments)) {
    if (deployment.applicationName === before) deployment.applicationName = name;
  }
  applications[name] = application;
  Reflect.deleteProperty(applications, before);
  return {};
}

/** Deletes an application with its groups; one that is not there is no error. */
export function deleteApplication(
  call: Call,
  { applicationName = "" }: DeleteApplicationCommandInput,
): Record<string, never> {
  const { applications, tags } = call.state.codedeploy;
  checkName("Application", applicationName);
  for (const name of Object.keys(applications[applicationName]?.groups ?? {})) {
    Reflect.deleteProperty(tags, arnOf(call, "deploymentgroup", `${applicationName}/${name}`));
  }
  Reflect.deleteProperty(applications, applicationName);
  Reflect.deleteProperty(tags, arnOf(call, "application", applicationName));
  return {};
}
