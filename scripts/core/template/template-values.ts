import { stackOutputFolder } from "../naming.ts";
import type { ParameterValue } from "../ports.ts";
import { secureStringRefused, type Found, type Lookup } from "./lookup.ts";
import type { PlaceholderName } from "./placeholder.ts";
import { placeholderToOutput } from "./stack-outputs.ts";

/** Everything that a placeholder can stand for without asking AWS. */
export interface KnownValues {
  /** CONTAINER_VERSION, already known to be a valid image reference. */
  readonly image?: string;
  readonly deploymentId: string;
  readonly region: string;
  readonly environmentName: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** The parameter that a placeholder's value has to be read from; undefined when it is known, or known to be missing. */
export function parameterFor(placeholder: PlaceholderName, known: KnownValues): string | undefined {
  if (placeholder.kind === "parameter") return placeholder.parameter;
  return withoutAws(placeholder.name, known) === undefined
    ? outputParameter(placeholder.name, known)
    : undefined;
}

/**
 * Looks placeholders up in the order of the contract: the run's own values, the environment variable, the stack
 * output.
 *
 * @param parameters what was read, by the names that {@link parameterFor} gave
 */
export function lookupIn(known: KnownValues, parameters: ReadonlyMap<string, ParameterValue>): Lookup {
  return (placeholder) => {
    if (placeholder.kind === "name") {
      const found = withoutAws(placeholder.name, known);
      if (found !== undefined) return found;
    }
    const parameter =
      placeholder.kind === "parameter" ? placeholder.parameter : outputParameter(placeholder.name, known);
    const value = parameters.get(parameter);
    if (value?.kind === "plain") return { kind: "value", value: value.value };
    if (value?.kind === "secure") return secureStringRefused(parameter);
    return missing(placeholder, parameter, known);
  };
}

/** For the check before AWS is asked: what Parameter Store may hold is taken to be right. */
export function lookupBeforeAws(known: KnownValues): Lookup {
  return (placeholder) => {
    const found = placeholder.kind === "name" ? withoutAws(placeholder.name, known) : undefined;
    return found ?? { kind: "unchecked" };
  };
}

function withoutAws(name: string, known: KnownValues): Found | undefined {
  if (name === "TASKDEFINITION_ARN") return { kind: "deferred" };
  if (name === "DEPLOYMENT_ID") return { kind: "value", value: known.deploymentId };
  if (name === "VERSION" || name === "CONTAINER_VERSION") {
    return known.image === undefined
      ? {
          kind: "refused",
          message: `CONTAINER_VERSION is not set, and @@${name}@@ stands for it.`,
          hint: "Give the full image reference, as in CONTAINER_VERSION=nginx:alpine ./deploy …",
        }
      : { kind: "value", value: known.image };
  }
  const variable = Object.hasOwn(known.variables, name) ? known.variables[name] : undefined;
  if (variable !== undefined) return { kind: "value", value: variable };
  return name === "AWS_REGION" ? { kind: "value", value: known.region } : undefined;
}

function outputParameter(name: string, { environmentName }: KnownValues): string {
  return `${stackOutputFolder(environmentName)}${placeholderToOutput(name)}`;
}

function missing(placeholder: PlaceholderName, parameter: string, known: KnownValues): Found {
  const stored = `parameter ${parameter} in ${known.region}`;
  return placeholder.kind === "parameter"
    ? { kind: "missing", lookedIn: [stored] }
    : { kind: "missing", lookedIn: [`environment variable ${placeholder.name}`, stored] };
}
