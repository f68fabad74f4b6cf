import type { NewTaskRole } from "../ports/application-roles.ts";
import { rolePath } from "../naming.ts";
import { taskRoleName, type Application } from "./names.ts";

/** Where an application's role lives, and what it may read. */
export interface TaskRoleSubject extends Application {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  /** The environment's folder in Parameter Store, with a slash at both ends. */
  readonly secretsPrefix: string;
  readonly boundaryArn: string;
}

/** The role of an application's tasks, with its one policy. */
export interface TaskRole {
  readonly arn: string;
  readonly role: NewTaskRole;
  /** JSON. */
  readonly policy: string;
}

/** The ARN of the role of an application's tasks. */
export function taskRoleArn(application: Application, partition: string, account: string): string {
  return `arn:${partition}:iam::${account}:role${rolePath}${taskRoleName(application)}`;
}

/** The inline policy of an application's role. */
export const taskPolicyName = "read-parameters";

/** The role of an application in its environment: its tasks read the application's own parameters and no others. */
export function taskRoleOf(subject: TaskRoleSubject): TaskRole {
  const { partition, region, account, secretsPrefix, environment, application, boundaryArn } = subject;
  const name = taskRoleName(subject);
  const folder = `arn:${partition}:ssm:${region}:${account}:parameter${secretsPrefix}${application}`;
  return {
    arn: taskRoleArn(subject, partition, account),
    role: {
      name,
      path: rolePath,
      boundaryArn,
      description: `Lets tasks of ${application} in ${environment} read their parameters`,
      // The conditions keep ECS in another account or region from being used to reach this role.
      trustPolicy: document({
        Effect: "Allow",
        Principal: { Service: "ecs-tasks.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: {
          ArnLike: { "aws:SourceArn": `arn:${partition}:ecs:${region}:${account}:*` },
          StringEquals: { "aws:SourceAccount": account },
        },
      }),
    },
    policy: document({
      Sid: "ReadParameters",
      Effect: "Allow",
      Action: ["ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath"],
      Resource: [folder, `${folder}/*`],
    }),
  };
}

function document(statement: object): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
}

/** Whether two policies in JSON say the same; one that can't be read is another one. */
export function isSamePolicy(left: string, right: string): boolean {
  try {
    return JSON.stringify(sorted(JSON.parse(left))) === JSON.stringify(sorted(JSON.parse(right)));
  } catch {
    return false;
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
