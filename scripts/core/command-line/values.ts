import ms, { type StringValue } from "ms";

import { UsageError } from "../errors.ts";

/** A mistake on the command line. */
export function usage(message: string): UsageError {
  return new UsageError(message);
}

const shownLimit = 100;

/** A value in quotes, escaped and cut, as messages show what they received. */
export function quotedShort(text: string): string {
  return JSON.stringify(text.length > shownLimit ? `${text.slice(0, shownLimit)}…` : text);
}

const second = 1_000;
const hour = 60 * 60 * second;
const day = 24 * hour;

/** Milliseconds of a duration such as 90s or 15m, from a second to a day. */
export function duration(option: string, text: string): number {
  return durationWithin(option, text, day, "24h");
}

/** The same for how far back: up to 30 days. */
export function ago(option: string, text: string): number {
  return durationWithin(option, text, 30 * day, "30d");
}

function durationWithin(option: string, text: string, mostMs: number, most: string): number {
  const milliseconds = /^\d{1,9}(\.\d{1,9})?\s*(ms|s|m|h|d)$/.test(text)
    ? ms(text as StringValue)
    : undefined;
  if (milliseconds === undefined || milliseconds < second || milliseconds > mostMs) {
    const units = mostMs > day ? "s, m, h or d" : "s, m or h";
    throw usage(
      `${option} ${quotedShort(text)} is not a duration. Allowed: a number and ${units}, from 1s to ${most}, as in 90s or 15m.`,
    );
  }
  return milliseconds;
}

/** A whole number within bounds. */
export function wholeNumber(option: string, text: string, least: number, most: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most)) {
    throw usage(
      `${option} ${quotedShort(text)} is not a number. Allowed: a whole number from ${least} to ${most}.`,
    );
  }
  return value;
}

/** One of a few words. */
export function oneOf<const Allowed extends string>(
  option: string,
  value: string,
  allowed: readonly Allowed[],
): Allowed {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) {
    throw usage(`${option} ${quotedShort(value)} is not known. Allowed: ${allowed.join(", ")}.`);
  }
  return found;
}

/** `NAME=value`; the value may be empty and may hold further equals signs. It may be a secret, and is not shown. */
export function assignment(option: string, text: string): readonly [string, string] {
  const at = text.indexOf("=");
  if (at < 1) throw usage(`${option} is not an assignment: a name and = are missing. Allowed: NAME=value.`);
  return [text.slice(0, at), text.slice(at + 1)];
}

/** A text of a form, or a refusal that says which. */
export function matching(option: string, text: string, form: RegExp, allowed: string): string {
  if (form.test(text)) return text;
  throw usage(`${option} ${quotedShort(text)} cannot be one. Allowed: ${allowed}.`);
}

/** The name of a Region. */
export function regionName(option: string, text: string): string {
  return matching(
    option,
    text,
    /^[a-z]{2,4}(-[a-z]{2,12}){1,3}-\d{1,2}$/,
    "a Region's name, as in eu-central-1",
  );
}

/** A cluster by name or ARN. */
export function clusterName(option: string, text: string): string {
  const form = /^([A-Za-z0-9_-]{1,255}|arn:[a-z-]+:ecs:[a-z0-9-]+:\d{12}:cluster\/[A-Za-z0-9_-]{1,255})$/;
  return matching(option, text, form, "a cluster's name of letters, digits, _ and -, or its ARN");
}

/** A share of the traffic, as in `10%` or `2.5`: above 0 and below 100, in tenths. */
export function percent(option: string, text: string): number {
  const value = /^\d{1,2}(\.\d)?%?$/.test(text) ? Number.parseFloat(text) : 0;
  if (value > 0) return value;
  throw usage(
    `${option} ${quotedShort(text)} is not a share of the traffic. Allowed: above 0% and below 100%, in tenths, as in 10% or 2.5%.`,
  );
}

/** The name of a CloudWatch alarm. */
export function alarmName(option: string, text: string): string {
  return matching(option, text, /^[^\p{Cc}]{1,255}$/u, "the name of an alarm, at most 255 characters");
}
