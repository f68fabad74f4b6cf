/**
 * Trust stores, which moto lacks. What listeners ask of their clients with them is in mutual-authentication.ts.
 */
import { randomBytes } from "node:crypto";

import { certificateCount } from "../elb/trust-stores.ts";
import type { TrustStoreRecord } from "../elb/trust-stores.ts";
import { queryAnswer, queryError } from "./query-answer.ts";
import { forwardTo } from "./forward.ts";
import type { ApiRequest, ApiResponse } from "./request.ts";
import type { RegionServices } from "./region-services.ts";

/** A call about trust stores. */
interface TrustStoreCall {
  readonly services: RegionServices;
  readonly call: ApiRequest;
  readonly motoPort: number;
}

type Handler = (call: TrustStoreCall) => Promise<ApiResponse> | ApiResponse;

const handlers: Readonly<Record<string, Handler>> = {
  CreateTrustStore: createTrustStore,
  ModifyTrustStore: modifyTrustStore,
  DescribeTrustStores: describeTrustStores,
  DescribeTrustStoreAssociations: ({ services, call }) => {
    const arn = call.form.get("TrustStoreArn") ?? "";
    const member = listenersOf(services, arn).map((ResourceArn) => ({ ResourceArn }));
    return services.region.state.elb.trustStores[arn] === undefined
      ? notFound()
      : queryAnswer(call, { TrustStoreAssociations: { member } });
  },
  DeleteTrustStore: deleteTrustStore,
  DescribeTags: ({ services, call }) => {
    const store = services.region.state.elb.trustStores[call.form.get("ResourceArns.member.1") ?? ""];
    const member = Object.entries(store?.tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
    return queryAnswer(call, {
      TagDescriptions: { member: [{ ResourceArn: store?.arn, Tags: { member } }] },
    });
  },
  AddTags: ({ services, call }) =>
    changeTags(services, call, (store) => Object.assign(store.tags, tagsIn(call.form))),
  RemoveTags: ({ services, call }) =>
    changeTags(services, call, (store) => {
      for (const key of members(call.form, "TagKeys")) Reflect.deleteProperty(store.tags, key);
    }),
};

/** Whether a call about tags is about those of a trust store. */
export function isTrustStore(form: URLSearchParams): boolean {
  return (form.get("ResourceArns.member.1") ?? "").includes(":truststore/");
}

/** Answers a call about trust stores. */
export function answerAboutTrustStores(
  services: RegionServices,
  call: ApiRequest,
  motoPort: number,
): Promise<ApiResponse> | ApiResponse {
  const handler = handlers[call.operation ?? ""];
  if (handler === undefined) throw new TypeError(`${String(call.operation)} is not about trust stores.`);
  return handler({ services, call, motoPort });
}

async function createTrustStore({ services, call, motoPort }: TrustStoreCall): Promise<ApiResponse> {
  const { region } = services;
  const name = call.form.get("Name") ?? "";
  if (Object.values(region.state.elb.trustStores).some((store) => store.name === name)) {
    return queryError("DuplicateTrustStoreName", `A trust store with the name '${name}' already exists`);
  }
  const certificates = await readBundle(call, motoPort);
  if (certificates === undefined) return bundleMissing();
  const id = randomBytes(8).toString("hex");
  const arn = `arn:aws:elasticloadbalancing:${call.region}:123456789012:truststore/${name}/${id}`;
  const store: TrustStoreRecord = { arn, name, certificates, tags: tagsIn(call.form) };
  region.transact(({ state }) => {
    state.elb.trustStores[arn] = store;
  });
  return queryAnswer(call, { TrustStores: { member: [described(store)] } });
}

async function modifyTrustStore({ services, call, motoPort }: TrustStoreCall): Promise<ApiResponse> {
  const arn = call.form.get("TrustStoreArn") ?? "";
  if (services.region.state.elb.trustStores[arn] === undefined) return notFound();
  const certificates = await readBundle(call, motoPort);
  if (certificates === undefined) return bundleMissing();
  services.region.transact(({ state }) => {
    const store = state.elb.trustStores[arn];
    if (store !== undefined) store.certificates = certificates;
  });
  await services.listeners.reconcile();
  return describeTrustStores({ services, call, motoPort });
}

function describeTrustStores({ services, call }: TrustStoreCall): ApiResponse {
  const { trustStores } = services.region.state.elb;
  const arns = [...members(call.form, "TrustStoreArns"), ...call.form.getAll("TrustStoreArn")];
  const names = members(call.form, "Names");
  const found = Object.values(trustStores).filter(
    ({ arn, name }) =>
      (arns.length === 0 && names.length === 0) || arns.includes(arn) || names.includes(name),
  );
  if (found.length === 0 && arns.length + names.length > 0) return notFound();
  return queryAnswer(call, { TrustStores: { member: found.map(described) } });
}

function deleteTrustStore({ services, call }: TrustStoreCall): ApiResponse {
  const arn = call.form.get("TrustStoreArn") ?? "";
  if (services.region.state.elb.trustStores[arn] === undefined) return notFound();
  if (listenersOf(services, arn).length > 0) {
    return queryError("TrustStoreInUse", "The specified trust store is currently associated with a listener");
  }
  services.region.transact(({ state }) => {
    Reflect.deleteProperty(state.elb.trustStores, arn);
  });
  return queryAnswer(call, {});
}

/** The listeners that let in whom a trust store vouches for. */
function listenersOf({ region }: RegionServices, trustStoreArn: string): string[] {
  const { listeners, mutualAuthentication } = region.state.elb;
  return Object.keys(listeners).filter((arn) => mutualAuthentication[arn]?.trustStoreArn === trustStoreArn);
}

function changeTags(
  { region }: RegionServices,
  call: ApiRequest,
  change: (store: TrustStoreRecord) => void,
): ApiResponse {
  const arn = call.form.get("ResourceArns.member.1") ?? "";
  if (region.state.elb.trustStores[arn] === undefined) return notFound();
  region.transact(({ state }) => {
    const store = state.elb.trustStores[arn];
    if (store !== undefined) change(store);
  });
  return queryAnswer(call, {});
}

function described({ arn, name, certificates }: TrustStoreRecord): Record<string, unknown> {
  return {
    Name: name,
    TrustStoreArn: arn,
    Status: "ACTIVE",
    NumberOfCaCertificates: certificateCount(certificates),
    TotalRevokedEntries: 0,
  };
}

const notFound = (): ApiResponse => queryError("TrustStoreNotFound", "One or more trust stores not found");

const bundleMissing = (): ApiResponse =>
  queryError("CaCertificatesBundleNotFound", "The specified CA certificate bundle was not found");

/** The authorities' certificates, from moto's S3. */
async function readBundle(call: ApiRequest, port: number): Promise<string | undefined> {
  const bucket = call.form.get("CaCertificatesBundleS3Bucket") ?? "";
  const key = call.form.get("CaCertificatesBundleS3Key") ?? "";
  const { statusCode, body } = await forwardTo(port, {
    ...call,
    service: "s3",
    operation: null,
    method: "GET",
    url: `/${bucket}/${key.split("/").map(encodeURIComponent).join("/")}`,
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=local/20250101/${call.region}/s3/aws4_request, SignedHeaders=host, Signature=none`,
    },
    body: Buffer.alloc(0),
    form: new URLSearchParams(),
  });
  const text = String(body);
  return statusCode === 200 && certificateCount(text) > 0 ? text : undefined;
}

function members(form: URLSearchParams, name: string): string[] {
  return [...form].flatMap(([key, value]) => (key.startsWith(`${name}.member.`) ? [value] : []));
}

function tagsIn(form: URLSearchParams): Record<string, string> {
  const tags: Record<string, string> = {};
  for (let index = 1; form.has(`Tags.member.${index}.Key`); index += 1) {
    tags[form.get(`Tags.member.${index}.Key`) ?? ""] = form.get(`Tags.member.${index}.Value`) ?? "";
  }
  return tags;
}
