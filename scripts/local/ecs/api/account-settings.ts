/**
 * Account settings. There is one principal here, so a user's setting and the account's default are the same thing.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PutAccountSetting.html
 */
import type {
  DeleteAccountSettingCommandInput,
  ListAccountSettingsCommandInput,
  PutAccountSettingCommandInput,
  Setting,
  SettingName,
} from "@aws-sdk/client-ecs";

import { page, type Call } from "./call.ts";
import { invalidParameter } from "./errors.ts";

const onOff = ["enabled", "disabled", "on", "off"];

/** Each setting with its default and the values it takes. */
const settings: Readonly<Record<SettingName, { standard: string; values: readonly string[] }>> = {
  serviceLongArnFormat: { standard: "enabled", values: onOff },
  taskLongArnFormat: { standard: "enabled", values: onOff },
  containerInstanceLongArnFormat: { standard: "enabled", values: onOff },
  awsvpcTrunking: { standard: "disabled", values: onOff },
  containerInsights: { standard: "disabled", values: ["enabled", "disabled", "enhanced"] },
  fargateFIPSMode: { standard: "disabled", values: onOff },
  tagResourceAuthorization: { standard: "off", values: ["on", "off"] },
  fargateTaskRetirementWaitPeriod: { standard: "7", values: ["0", "7", "14"] },
  guardDutyActivate: { standard: "off", values: ["on", "off"] },
  defaultLogDriverMode: { standard: "non-blocking", values: ["blocking", "non-blocking"] },
  fargateEventWindows: { standard: "disabled", values: onOff },
};

const names = Object.keys(settings) as SettingName[];

function describe(call: Call, name: SettingName): Setting {
  return {
    name,
    value: call.state.ecs.accountSettings[name] ?? settings[name].standard,
    principalArn: `arn:aws:iam::${call.state.account}:root`,
    type: name === "guardDutyActivate" ? "aws_managed" : "user",
  };
}

/** Sets an account setting. @throws AwsError InvalidParameterException for a value that it does not take */
export function putAccountSetting(call: Call, input: PutAccountSettingCommandInput): { setting: Setting } {
  const { name, value = "" } = input;
  // The name is one of the API's: that was checked with the input's other enums.
  const setting = settings[name as SettingName];
  if (name === "guardDutyActivate") {
    throw invalidParameter("The guardDutyActivate account setting is read-only.");
  }
  if (!setting.values.includes(value)) {
    throw invalidParameter(`value should be one of [${setting.values.join(",")}]`);
  }
  call.state.ecs.accountSettings[name as SettingName] = value;
  return { setting: describe(call, name as SettingName) };
}

/** Takes a setting back to its default. */
export function deleteAccountSetting(
  call: Call,
  input: DeleteAccountSettingCommandInput,
): { setting: Setting } {
  const name = input.name as SettingName;
  Reflect.deleteProperty(call.state.ecs.accountSettings, name);
  return { setting: describe(call, name) };
}

/** The settings that were set; with `effectiveSettings`, all of them as they are in force. */
export function listAccountSettings(
  call: Call,
  input: ListAccountSettingsCommandInput,
): { settings: Setting[]; nextToken: string | undefined } {
  const chosen = names
    .filter((name) => input.effectiveSettings === true || name in call.state.ecs.accountSettings)
    .filter((name) => input.name === undefined || input.name === name)
    .map((name) => describe(call, name))
    .filter(({ value }) => input.value === undefined || input.value === value);
  const { items, nextToken } = page(chosen, {
    maxResults: input.maxResults,
    nextToken: input.nextToken,
    standard: 10,
    most: 10,
  });
  return { settings: items, nextToken };
}
