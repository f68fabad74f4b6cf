/**
 * The part of AWS's own model of Amazon ECS and Application Auto Scaling that templates are checked against.
 *
 * The tables are generated from the AWS SDK (`npm run generate`); this file gives them types and the two views that
 * templates need beside the API's own shapes: one name per template, and the service template, from which both the
 * create and the update input are made.
 */
import { autoScalingModel } from "./auto-scaling-model.generated.ts";
import { ecsModel } from "./ecs-model.generated.ts";

/** A field's type: a primitive, or a reference to a structure, an enum, a list or a map with text keys. */
export type FieldType =
  | "string"
  | "integer"
  | "number"
  | "boolean"
  /** ISO 8601. */
  | "time"
  | "anything"
  | { readonly structure: string }
  | { readonly enum: string }
  | { readonly list: FieldType }
  | { readonly map: FieldType };

/** A structure's fields by name, in the order of AWS's model. */
export interface Structure {
  readonly fields: Readonly<Record<string, FieldType>>;
  /** Names of the fields that the API insists on. */
  readonly required: readonly string[];
  /** Whether exactly one of the fields has to be set. */
  readonly union?: true;
  /** Names of fields that the API takes and that no template gives, since Slipway fills them in. */
  readonly filledIn?: readonly string[];
}

/** Everything that can be reached from the inputs that `./deploy` sends. */
export interface AwsModel {
  readonly structures: Readonly<Record<string, Structure>>;
  readonly enums: Readonly<Record<string, readonly string[]>>;
  /** Fields that a Describe call returns and the input made from it does not take, by the input's name. */
  readonly readOnly: Readonly<Record<string, readonly string[]>>;
}

/**
 * What a template describes:
 * - `TaskDefinition`: the input of RegisterTaskDefinition
 * - `Service`: the one `service.json`, from which both inputs below are made
 * - `CreateService`, `UpdateService`: the inputs of these calls, for templates that are used for one of them only
 * - `Autoscaling`: `autoscaling.json`, from which the inputs of three calls of Application Auto Scaling are made
 */
export type ShapeName = ServiceShape | "TaskDefinition" | "Autoscaling";

/** Shapes of templates that describe a service. */
export type ServiceShape = "Service" | "CreateService" | "UpdateService";

const requests = {
  TaskDefinition: "RegisterTaskDefinitionRequest",
  CreateService: "CreateServiceRequest",
  UpdateService: "UpdateServiceRequest",
} as const;

/** What says which service is scaled, and by whom: the same in every call. */
const addressing = ["ServiceNamespace", "ResourceId", "ScalableDimension", "RoleARN"];

/** The structures of both tables; where AWS has one of the same name in each, none of the two can be meant. */
const structures: Readonly<Record<string, Structure>> = {
  ...autoScalingModel.structures,
  ...ecsModel.structures,
  PutScalingPolicyRequest: withoutAddress("PutScalingPolicyRequest"),
  PutScheduledActionRequest: withoutAddress("PutScheduledActionRequest"),
};

/** A structure of Application Auto Scaling without what Slipway fills in. */
function withoutAddress(name: string): Structure {
  const { fields, required } = autoScalingModel.structures[name] ?? { fields: {}, required: [] };
  return {
    fields: Object.fromEntries(Object.entries(fields).filter(([field]) => !addressing.includes(field))),
    required: required.filter((field) => !addressing.includes(field)),
    filledIn: addressing,
  };
}

/** The API's structure of that name; throws when the generated tables do not hold it, which is a bug. */
export function structureNamed(name: string): Structure {
  const structure = structures[name];
  if (structure === undefined) throw new Error(`The generated model has no structure "${name}".`);
  return structure;
}

/** The values of the API's enum of that name; throws when the generated tables do not hold it, which is a bug. */
export function enumValues(name: string): readonly string[] {
  const values = ecsModel.enums[name] ?? autoScalingModel.enums[name];
  if (values === undefined) throw new Error(`The generated model has no enum "${name}".`);
  return values;
}

/** The structure that a whole template is checked against. */
export function structureOf(shape: ShapeName): Structure {
  if (shape === "Autoscaling") return autoscaling();
  if (shape !== "Service") return structureNamed(requests[shape]);
  const create = structureNamed(requests.CreateService);
  const update = structureNamed(requests.UpdateService);
  // Which of serviceName and service is given is checked by the rules for services, so nothing is required here.
  return { fields: { ...create.fields, ...update.fields }, required: [] };
}

/**
 * The scalable target, and the lists that the Describe calls of policies and scheduled actions answer with. Whether the
 * capacities have to be there is checked by the rules: an empty template has none.
 */
function autoscaling(): Structure {
  const { fields } = withoutAddress("RegisterScalableTargetRequest");
  const { Tags: _, ...target } = fields;
  return {
    fields: {
      ...target,
      ScalingPolicies: { list: { structure: "PutScalingPolicyRequest" } },
      ScheduledActions: { list: { structure: "PutScheduledActionRequest" } },
    },
    required: [],
    filledIn: addressing,
  };
}

/** Names of the fields that a template of this shape may have, in the order of AWS's model. */
export function fieldNames(shape: ShapeName): readonly string[] {
  return Object.keys(structureOf(shape).fields);
}

/** Names of the fields that the matching Describe call returns and that no input takes, such as `revision`. */
export function readOnlyFields(shape: ShapeName): readonly string[] {
  if (shape === "Autoscaling") return autoScalingModel.readOnly["ScalableTarget"] ?? [];
  return ecsModel.readOnly[shape === "TaskDefinition" ? "TaskDefinition" : "Service"] ?? [];
}
