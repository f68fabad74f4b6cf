import type { ApiRequest } from "./request.ts";

const zones = /^\/2013-04-01\/hostedzone\/?(?:$|\?)/;
const config = "</HostedZoneConfig>";
const isPrivate = "<PrivateZone>true</PrivateZone>";

/**
 * The call as moto takes it: a zone that is made with a VPC is private, and moto wants that said as well.
 *
 * @see https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHostedZone.html
 */
export function withPrivateZone(call: ApiRequest): ApiRequest {
  const { service, method, url } = call;
  if (service !== "route53" || method !== "POST" || !zones.test(url)) return call;
  const body = String(call.body);
  if (!body.includes("<VPC>") || body.includes("<PrivateZone>")) return call;
  const told = body.includes(config)
    ? body.replace(config, `${isPrivate}${config}`)
    : body.replace("<VPC>", `<HostedZoneConfig>${isPrivate}${config}<VPC>`);
  return { ...call, body: Buffer.from(told) };
}
