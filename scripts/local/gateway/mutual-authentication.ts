/**
 * What listeners ask of their clients, which moto drops from its calls and answers.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_MutualAuthenticationAttributes.html
 */
import type { MutualAuthentication } from "../elb/trust-stores.ts";
import type { State } from "../world/state.ts";
import type { ApiRequest, ApiResponse } from "./request.ts";
import type { RegionServices } from "./region-services.ts";

/** Keeps what a listener that was made or changed asks of its clients, and tells it where listeners are described. */
export async function withMutualAuthentication(
  services: RegionServices,
  { service, operation, form }: ApiRequest,
  answer: ApiResponse,
): Promise<ApiResponse> {
  if (service !== "elasticloadbalancing" || answer.statusCode >= 400) return answer;
  if (!/^(Create|Modify)Listener$|^DescribeListeners$/.test(operation ?? "")) return answer;
  const body = String(answer.body);
  const mode = form.get("MutualAuthentication.Mode");
  const [, arn = ""] = /<ListenerArn>([^<]+)</.exec(body) ?? [];
  if (mode === "off" || mode === "passthrough" || mode === "verify") {
    services.region.transact(({ state }) => {
      state.elb.mutualAuthentication[arn] = asked(mode, form);
    });
    await services.listeners.reconcile();
  }
  return {
    ...answer,
    body: body.replaceAll(/<ListenerArn>([^<]+)<\/ListenerArn>/g, told(services.region.state)),
  };
}

function asked(mode: MutualAuthentication["mode"], form: URLSearchParams): MutualAuthentication {
  return {
    mode,
    trustStoreArn: form.get("MutualAuthentication.TrustStoreArn"),
    ignoreClientCertificateExpiry: form.get("MutualAuthentication.IgnoreClientCertificateExpiry") === "true",
  };
}

function told({ elb }: State): (whole: string, arn: string) => string {
  return (whole, arn) => {
    const mutual = elb.mutualAuthentication[arn];
    if (mutual === undefined) return whole;
    const { mode, trustStoreArn, ignoreClientCertificateExpiry: ignore } = mutual;
    const store =
      mode === "verify"
        ? `<TrustStoreArn>${trustStoreArn ?? ""}</TrustStoreArn><IgnoreClientCertificateExpiry>${ignore}</IgnoreClientCertificateExpiry>`
        : "";
    return `${whole}<MutualAuthentication><Mode>${mode}</Mode>${store}</MutualAuthentication>`;
  };
}
