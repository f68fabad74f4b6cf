/**
 * What the agent of ECS Exec in a task does with the task's role: hold the session, write its log, and decrypt its key.
 */
import type { Environment } from "../../scripts/core/environments.ts";
import { execLogGroupName } from "../../scripts/core/naming.ts";
import { arnIn } from "./arns.ts";
import type { Account } from "./arns.ts";
import { allowStatement } from "./policy.ts";
import type { Statement } from "./policy.ts";

/**
 * The statements of a role whose tasks may have sessions; none where the environment allows no sessions.
 *
 * @param keyArn the key that sessions and their log are encrypted with, where there is one
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
 */
export function sessionStatements(
  { name, region, cluster }: Environment,
  account: Account,
  keyArn: string | undefined,
): Statement[] {
  if (cluster.exec === false) return [];
  const logGroup = arnIn(account, "logs", region, `log-group:${execLogGroupName(name)}`);
  return [
    // Neither these nor DescribeLogGroups can be held to a resource.
    allowStatement(
      "HoldSessions",
      [
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
      ],
      ["*"],
    ),
    allowStatement("FindSessionLog", ["logs:DescribeLogGroups"], ["*"]),
    allowStatement(
      "WriteSessionLog",
      ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
      [`${logGroup}:*`],
    ),
    ...(keyArn === undefined ? [] : [allowStatement("DecryptSessions", ["kms:Decrypt"], [keyArn])]),
  ];
}
