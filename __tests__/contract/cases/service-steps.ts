import type { CreateServiceCommandInput, Service } from "@aws-sdk/client-ecs";
import { expect } from "@jest/globals";

import { contractCase, type ContractCase } from "../suite/contract-case.ts";
import type { Context } from "../suite/context.ts";

/** What a new service in an empty cluster comes back as. */
export function filled(
  id: string,
  title: string,
  source: string,
  over: Partial<CreateServiceCommandInput>,
  expected: Record<string, unknown>,
): ContractCase {
  return contractCase({
    id: `service.${id}`,
    title,
    source,
    run: async (context) => {
      expect(await context.create({ cluster: await context.ownCluster(), ...over })).toMatchObject(expected);
    },
  });
}

export const fresh = async (
  context: Context,
  over: Partial<CreateServiceCommandInput> = {},
): Promise<Service> => context.create({ cluster: await context.ownCluster(), ...over });
