import { groupNameOf } from "../../core/code-deploy/model.ts";
import type { ServiceAddress } from "../addresses.ts";
import type { RunContext } from "../run-context.ts";
import { codeDeployOf, findGroup } from "./facts.ts";

/**
 * The deployment group of a service that is deleted. `remove` takes it away where `./deploy create` makes it, under the
 * service's name; one of another name is somebody else's, and is told of.
 */
export async function groupOfService(
  address: ServiceAddress,
  context: RunContext,
): Promise<{ readonly remove: () => Promise<void> } | undefined> {
  const port = await codeDeployOf(context);
  const found = await findGroup(address, port, context);
  if (found === undefined) return undefined;
  const { application } = found;
  const name = groupNameOf(found.group);
  const of = `CodeDeploy's deployment group ${name} of application ${application}`;
  return {
    remove: async () => {
      if (name !== address.serviceName) {
        const message = `${of} stays: it has another name than the service, so that others than ./deploy create have made it`;
        context.emit({ type: "note", message });
        return;
      }
      await port.deleteGroup(application, name);
      context.emit({ type: "note", message: `${of} was deleted` });
    },
  };
}
