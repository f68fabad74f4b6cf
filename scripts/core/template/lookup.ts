/** What a template's placeholders stand for, as its caller finds it. */
import { nearestName } from "../aws-model/nearest.ts";
import { formatPlaceholder, type PlaceholderName } from "./placeholder.ts";

/** What looking a placeholder up gave. */
export type Found =
  | { readonly kind: "value"; readonly value: string }
  /** The value becomes known while the plan runs; `resolveDeferred` fills it in. */
  | { readonly kind: "deferred" }
  /** Not looked up: the field is taken to be right, whatever its type. Only for checks before anything is called. */
  | { readonly kind: "unchecked" }
  /** There is no value. */
  | {
      readonly kind: "missing";
      /** The places that were looked in, in words, such as `environment variable COUNT`. */
      readonly lookedIn: readonly string[];
      /** Names that do have a value, to suggest the nearest. */
      readonly known?: readonly string[];
    }
  /** There is a value which must not be used, such as a SecureString or an image that is none. */
  | { readonly kind: "refused"; readonly message: string; readonly hint?: string };

/** Finds what a placeholder stands for. */
export type Lookup = (placeholder: PlaceholderName) => Found;

/** Why a parameter that is a SecureString is refused, with what to write instead. */
export function secureStringRefused(parameter: string): Found {
  return {
    kind: "refused",
    message: `${parameter} is a SecureString; its plain text would stand in the task definition for all to read.`,
    hint: 'Name it in the container\'s "secrets" as { "name": …, "valueFrom": … } instead.',
  };
}

/** Message and hint for a placeholder without a value. */
export function missingValue(
  placeholder: PlaceholderName,
  { lookedIn, known = [] }: Extract<Found, { readonly kind: "missing" }>,
): { readonly message: string; readonly hint?: string } {
  const places = lookedIn.length === 0 ? "" : `; looked in ${lookedIn.join(", then ")}`;
  const message = `${formatPlaceholder(placeholder)} has no value${places}.`;
  const near = nearestName(placeholder.kind === "name" ? placeholder.name : placeholder.parameter, known);
  return near === undefined ? { message } : { message, hint: `Did you mean ${near}?` };
}
