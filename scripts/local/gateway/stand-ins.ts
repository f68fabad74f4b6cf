/**
 * What stands in for the calls that moto does not have and Terraform makes for the stacks, by name. They keep what they
 * are told and tell it again; what more they do is said in BEHAVIOUR.md, "Stands in for moto".
 */
import { EcrCaches } from "./ecr-caches.ts";
import { answerAboutRefreshes } from "./instance-refreshes.ts";
import { LogGroupKeys } from "./log-group-keys.ts";
import type { ApiRequest, ApiResponse } from "./request.ts";
import type { RegionServices } from "./region-services.ts";
import { answerAboutTrustStores, isTrustStore } from "./trust-stores.ts";

/** The operations by service; those with a note are only some of moto's own. */
const operations: Readonly<Record<string, readonly string[]>> = {
  autoscaling: ["StartInstanceRefresh", "DescribeInstanceRefreshes", "CancelInstanceRefresh"],
  logs: ["AssociateKmsKey", "DisassociateKmsKey"],
  elasticloadbalancing: [
    "CreateTrustStore",
    "ModifyTrustStore",
    "DescribeTrustStores",
    "DescribeTrustStoreAssociations",
    "DeleteTrustStore",
    // Of trust stores alone.
    "DescribeTags",
    "AddTags",
    "RemoveTags",
  ],
  ecr: [
    "CreatePullThroughCacheRule",
    "UpdatePullThroughCacheRule",
    "DescribePullThroughCacheRules",
    "DeletePullThroughCacheRule",
    "CreateRepositoryCreationTemplate",
    "UpdateRepositoryCreationTemplate",
    "DescribeRepositoryCreationTemplates",
    "DeleteRepositoryCreationTemplate",
  ],
};

const tagging = /Tags$/;

/** Everything that stands in for moto in one gateway. */
export class StandIns {
  readonly #motoPort: number;
  #caches = new EcrCaches();
  #keys = new LogGroupKeys();

  constructor(motoPort: number) {
    this.#motoPort = motoPort;
  }

  /** Forgets what it was told, as moto does when it starts over. */
  reset(): void {
    this.#caches = new EcrCaches();
    this.#keys = new LogGroupKeys();
  }

  /** Answers a call that is one of those listed; undefined for any other. */
  answer(call: ApiRequest, services: RegionServices): Promise<ApiResponse> | ApiResponse | undefined {
    const { service, operation } = call;
    if (operation === null || !(operations[service ?? ""] ?? []).includes(operation)) return undefined;
    if (service === "ecr") return this.#caches.answer(call);
    if (service === "logs") return this.#keys.answer(call, this.#motoPort);
    if (service === "autoscaling") return answerAboutRefreshes(services, call, this.#motoPort);
    if (tagging.test(operation) && !isTrustStore(call.form)) return undefined;
    return answerAboutTrustStores(services, call, this.#motoPort);
  }

  /** Moto's answer, with what moto was not told. */
  complete(call: ApiRequest, answer: ApiResponse): ApiResponse {
    return this.#keys.complete(call, answer);
  }
}
