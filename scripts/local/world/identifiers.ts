import { createHash } from "node:crypto";

import type { State } from "./state.ts";

function nextDigest({ identifiers }: State): string {
  identifiers.next += 1;
  return createHash("sha256").update(`${identifiers.seed}:${identifiers.next}`).digest("hex");
}

/** 32 hexadecimal digits, as in the ids of tasks and container instances. */
export function hexId(state: State): string {
  return nextDigest(state).slice(0, 32);
}

/** `ecs-svc/` and 19 digits, as in the ids of deployments. */
export function deploymentId(state: State): string {
  const digits = BigInt(`0x${nextDigest(state).slice(0, 16)}`)
    .toString()
    .padStart(20, "1");
  return `ecs-svc/${digits.slice(-19).replace(/^0/, "1")}`;
}

/** `d-` and 9 capitals and digits, as in the ids of CodeDeploy's deployments. */
export function codeDeployId(state: State): string {
  const number = BigInt(`0x${nextDigest(state).slice(0, 16)}`);
  return `d-${number.toString(36).toUpperCase().padStart(12, "A").slice(-9)}`;
}

/** Letters, digits, `-` and `_`, at most 43 of them, as in the ids of service deployments and lifecycle hooks. */
export function urlSafeId(state: State, length: number): string {
  return Buffer.from(nextDigest(state), "hex").toString("base64url").slice(0, length);
}

/** A UUID, as in the ids of service events and attachments. */
export function uuid(state: State): string {
  const hex = hexId(state);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** An EC2-style id: `eni-` and 17 hexadecimal digits. */
export function networkInterfaceId(state: State): string {
  return `eni-${nextDigest(state).slice(0, 17)}`;
}
