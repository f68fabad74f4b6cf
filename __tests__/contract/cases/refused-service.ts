import { PutClusterCapacityProvidersCommand, type CreateServiceCommandInput } from "@aws-sdk/client-ecs";

import { refusal, type ContractCase } from "../suite/contract-case.ts";
import type { Context } from "../suite/context.ts";
import { ecsApi } from "../suite/sources.ts";

type Input = Partial<CreateServiceCommandInput>;
type Options = Pick<Partial<ContractCase>, "source" | "wording" | "needs" | "localOnly"> & { type?: string };

/** CreateService in an empty cluster, of a service that is in order but for what `change` gives, is refused. */
export function refused(
  id: string,
  title: string,
  message: string | RegExp,
  change: Input | ((context: Context) => Promise<Input>),
  { type = "InvalidParameterException", ...more }: Options = {},
): ContractCase {
  return refusal({
    id: `service.${id}`,
    title,
    source: ecsApi("CreateService"),
    wording: "observed",
    ...more,
    type,
    message,
    call: async (context) => {
      const over = typeof change === "function" ? await change(context) : change;
      const cluster = over.cluster ?? (await context.ownCluster());
      return context.create({ cluster, ...over });
    },
  });
}

export const oneSubnet = async (context: Context) => {
  const { subnetIds } = await context.network();
  return { awsvpcConfiguration: { subnets: subnetIds.slice(0, 1) } };
};
export const onFargate = async (context: Context): Promise<Input> => ({
  launchType: "FARGATE",
  taskDefinition: await context.registerForFargate(),
  networkConfiguration: await oneSubnet(context),
});
export const inVpc = (context: Context, over: object = {}) =>
  context.register({ networkMode: "awsvpc", ...over });
export const strategy = (...weights: number[]) =>
  weights.map((weight, index) => ({ capacityProvider: ["FARGATE", "FARGATE_SPOT"][index], weight }));
export const fargateCluster = async (context: Context): Promise<string> => {
  const cluster = await context.ownCluster();
  const providers = { capacityProviders: ["FARGATE", "FARGATE_SPOT"], defaultCapacityProviderStrategy: [] };
  await context.ecs.send(new PutClusterCapacityProvidersCommand({ cluster, ...providers }));
  return cluster;
};
