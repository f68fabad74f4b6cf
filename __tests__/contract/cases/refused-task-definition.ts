import {
  RegisterTaskDefinitionCommand,
  type ContainerDefinition,
  type RegisterTaskDefinitionCommandInput,
} from "@aws-sdk/client-ecs";

import { refusal, type ContractCase } from "../suite/contract-case.ts";
import { fargateSize, webContainer } from "../suite/context.ts";
import { ecsGuide } from "../suite/sources.ts";

type Input = Partial<RegisterTaskDefinitionCommandInput>;

/** RegisterTaskDefinition of a definition that is in order but for `over` is a ClientException. */
export function refused(
  id: string,
  title: string,
  message: string | RegExp,
  over: Input,
  more: { source?: string; wording?: ContractCase["wording"] } = {},
): ContractCase {
  return refusal({
    id: `task-definition.${id}`,
    title,
    source: more.source ?? ecsGuide("task_definition_parameters"),
    wording: more.wording ?? "observed",
    type: "ClientException",
    message,
    call: (context) =>
      context.ecs.send(
        new RegisterTaskDefinitionCommand({
          family: context.name(),
          containerDefinitions: [webContainer],
          ...over,
        }),
      ),
  });
}

export const one = (over: Partial<ContainerDefinition>): Input => ({
  containerDefinitions: [{ ...webContainer, ...over }],
});
export const two = (over: Partial<ContainerDefinition>, first: Partial<ContainerDefinition> = {}): Input => ({
  containerDefinitions: [
    { ...webContainer, ...first },
    { ...webContainer, name: "side", portMappings: [], ...over },
  ],
});
export const fargate = (over: Input): Input => ({ ...fargateSize, ...one({ portMappings: [] }), ...over });
export const awsvpc = (over: Partial<ContainerDefinition>): Input => ({
  networkMode: "awsvpc",
  ...one({ portMappings: [], ...over }),
});
export const sizes = ecsGuide("fargate-tasks-services");
export const noSize = "No Fargate configuration exists for given values.";
