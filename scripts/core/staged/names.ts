/**
 * What the resources of a staged deployment are called. All of it follows from the application, the environment and
 * the deployment's id, so that a run that takes another up finds what that one made.
 */
import { createHash } from "node:crypto";

import { boundedName, roleNames } from "../naming.ts";

const hashLength = 7;

/** The length of a deployment's id; see deployment-id.ts. */
const idLength = 12;

/** An application of an environment: what its deployments, one after the other, are deployments of. */
export interface Application {
  readonly environment: string;
  /** The service as the templates name it. */
  readonly application: string;
}

/**
 * The family of an application's revisions; at most 255 characters. No environment has an underscore in its name, so
 * `a-b` of `c` and `b-c` of `a` are two families.
 */
export function familyName({ environment, application }: Application): string {
  return boundedName([`${environment}_${application}`], 255);
}

/** The ECS service of one deployment; at most 255 characters. */
export function stagedServiceName({ environment, application }: Application, id: string): string {
  return `${boundedName([environment, application], 255 - id.length - 1)}-${id}`;
}

/**
 * The target group of one deployment: 32 characters, letters, digits and inner hyphens. A name that had to be changed
 * or cut carries a hash of the whole, so that `a_b` and `a-b` stay apart; the id is always whole.
 */
export function targetGroupName(application: Application, id: string): string {
  return `${targetGroupPrefix(application)}${id}`;
}

/** What the names of an application's target groups begin with; those of other applications may as well. */
export function targetGroupPrefix({ environment, application }: Application): string {
  const limit = 32 - idLength - 1;
  const whole = `${environment}-${application}`;
  const clean = whole.replace(/[^A-Za-z0-9-]/g, "-").replace(/^-+|-+$/g, "");
  if (clean === whole && whole.length <= limit) return `${whole}-`;
  const hash = createHash("sha256").update(whole).digest("hex").slice(0, hashLength);
  return `${clean.slice(0, limit - hashLength - 1).replace(/-+$/, "")}-${hash}-`;
}

/**
 * The role of the application's tasks in this environment, below `/ecs/`; at most 64 characters. It is never the role
 * that the stacks make for all of the environment's tasks, whatever the application is called.
 */
export function taskRoleName({ environment, application }: Application): string {
  const whole = `${environment}_${application}_task`;
  if (whole.length <= 64 && whole !== roleNames(environment).defaultTask) return whole;
  const hash = createHash("sha256").update(whole).digest("hex").slice(0, hashLength);
  return `${whole.slice(0, 64 - hashLength - 6)}_${hash}_task`;
}

/**
 * Where a deployment answers before it has live traffic.
 *
 * @param under the environment's domain, else the live host
 */
export function stagedHost(id: string, under: string): string {
  return `${id}.stage.${under}`;
}
