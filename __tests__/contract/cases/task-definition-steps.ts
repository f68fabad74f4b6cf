import {
  DescribeTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  type TaskDefinition,
} from "@aws-sdk/client-ecs";
import { expect } from "@jest/globals";

import { given } from "../suite/clients.ts";
import { contractCase, type ContractCase } from "../suite/contract-case.ts";
import type { Context } from "../suite/context.ts";

export async function described(context: Context, taskDefinition: string): Promise<TaskDefinition> {
  const answer = await context.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
  return given(answer.taskDefinition);
}

/** What comes back of a definition. */
export function filled(
  id: string,
  title: string,
  source: string,
  over: Partial<RegisterTaskDefinitionCommandInput>,
  expected: Record<string, unknown>,
): ContractCase {
  return contractCase({
    id: `task-definition.${id}`,
    title,
    source,
    run: async (context) => {
      expect(await described(context, await context.register(over))).toMatchObject(expected);
    },
  });
}
