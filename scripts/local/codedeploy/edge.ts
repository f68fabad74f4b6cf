import type { HookInvoker } from "../hooks/invoker.ts";
import type { Region } from "../region.ts";
import { takeRevision } from "./api/deployments.ts";
import { hookBroke } from "./report-hook.ts";

/**
 * Carries out what CodeDeploy's deployments ask of the outside: fetching an AppSpec from S3, and calling the functions
 * that judge their events.
 *
 * @param motoEndpoint where S3 is
 */
export function handleCodeDeploy(
  region: Region,
  outside: { motoEndpoint: string; hooks: HookInvoker; log: (message: string) => void },
): void {
  const { motoEndpoint, hooks, log } = outside;
  region.handle("codedeploy-revision", async ({ deploymentId, bucket, key, version }) => {
    const content = await fetchObject(motoEndpoint, bucket, key, version).catch((error: unknown) => {
      log(`codedeploy ${deploymentId}: s3://${bucket}/${key}: ${String(error)}`);
      return null;
    });
    region.transact((transaction) => {
      takeRevision(transaction, deploymentId, content);
    });
  });
  region.handle("codedeploy-hook", async ({ deploymentId, executionId, functionName }) => {
    const event = { DeploymentId: deploymentId, LifecycleEventHookExecutionId: executionId };
    const invocation = await hooks.invoke(functionName, event);
    // What the function answers does not count, nor an error of its own: it calls back, or time runs out.
    if (invocation.ok) return;
    log(`codedeploy ${deploymentId}: hook ${functionName}: ${invocation.error}`);
    region.transact((transaction) => {
      hookBroke(transaction, deploymentId, executionId);
    });
  });
}

/** Moto checks no signature, but what is read by nobody must be public. */
const someone =
  "AWS4-HMAC-SHA256 Credential=codedeploy/20141006/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0";

async function fetchObject(
  endpoint: string,
  bucket: string,
  key: string,
  version: string | null,
): Promise<string> {
  const url = new URL(`/${[bucket, ...key.split("/")].map(encodeURIComponent).join("/")}`, endpoint);
  if (version !== null) url.searchParams.set("versionId", version);
  const response = await fetch(url, { headers: { authorization: someone } });
  const text = await response.text();
  if (!response.ok) throw new Error(`status ${response.status}`);
  return text;
}
