import { SSMClient } from "@aws-sdk/client-ssm";

/**
 * Where the session plugin finds Systems Manager, to take a session up again after its connection broke.
 *
 * @param variables the environment, in which AWS's own variables may name another place
 */
export function ssmEndpoint(region: string, variables: Readonly<Record<string, string | undefined>>): string {
  const named = variables["AWS_ENDPOINT_URL_SSM"] ?? variables["AWS_ENDPOINT_URL"];
  if (named !== undefined && named !== "") return named;
  const { url } = new SSMClient({ region }).config.endpointProvider({ Region: region });
  return url.href.replace(/\/$/, "");
}
