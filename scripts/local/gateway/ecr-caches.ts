/**
 * The part of ECR's API that moto lacks: pull-through cache rules and templates of repositories. They are kept and told,
 * and nothing is pulled through them.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html
 */
import { z } from "zod";

import { jsonAnswer, jsonError } from "./json-answer.ts";
import type { ApiRequest, ApiResponse } from "./request.ts";

type Item = Readonly<Record<string, unknown>>;

/** Things of one kind, which callers tell apart by a prefix. */
interface Kind {
  /** The member of a call that has the prefix. */
  readonly key: string;
  /** The member of a Describe call that lists prefixes. */
  readonly keys: string;
  /** The member of an answer that lists them, and the one that holds a single one; undefined where that is the answer. */
  readonly list: string;
  readonly single: string | undefined;
  readonly missing: string;
  readonly taken: string;
}

const rules: Kind = {
  key: "ecrRepositoryPrefix",
  keys: "ecrRepositoryPrefixes",
  list: "pullThroughCacheRules",
  single: undefined,
  missing: "PullThroughCacheRuleNotFoundException",
  taken: "PullThroughCacheRuleAlreadyExistsException",
};
const templates: Kind = {
  key: "prefix",
  keys: "prefixes",
  list: "repositoryCreationTemplates",
  single: "repositoryCreationTemplate",
  missing: "TemplateNotFoundException",
  taken: "TemplateAlreadyExistsException",
};

const registryId = "123456789012";
const body = z.record(z.string(), z.unknown());

/** The rules and templates of every Region. */
export class EcrCaches {
  readonly #items = new Map<string, Item>();

  /** Answers a call of one of the operations listed in stand-ins.ts. */
  answer(call: ApiRequest): ApiResponse {
    const operation = call.operation ?? "";
    const kind = operation.includes("Template") ? templates : rules;
    const input = body.parse(JSON.parse(call.body.toString()));
    if (operation.startsWith("Describe")) return this.#describe(call.region, kind, input);
    const key = `${call.region} ${kind.list} ${String(input[kind.key])}`;
    const known = this.#items.get(key);
    if (operation.startsWith("Create")) {
      if (known !== undefined) return jsonError(kind.taken, "It already exists.");
      const now = Date.now() / 1000;
      return this.#keep(key, kind, { createdAt: now, updatedAt: now, ...input });
    }
    if (known === undefined) return jsonError(kind.missing, "It does not exist.");
    if (operation.startsWith("Update")) return this.#keep(key, kind, { ...known, ...input });
    this.#items.delete(key);
    return told(kind, known);
  }

  #keep(key: string, kind: Kind, item: Item): ApiResponse {
    this.#items.set(key, item);
    return told(kind, item);
  }

  #describe(region: string, kind: Kind, input: Item): ApiResponse {
    const asked = z.array(z.string()).optional().parse(input[kind.keys]);
    const start = `${region} ${kind.list} `;
    const found: readonly Item[] =
      asked === undefined
        ? [...this.#items].flatMap(([key, item]) => (key.startsWith(start) ? [item] : []))
        : asked.map((prefix) => this.#items.get(`${start}${prefix}`)).filter((item) => item !== undefined);
    return found.length < (asked?.length ?? 0)
      ? jsonError(kind.missing, "It does not exist.")
      : jsonAnswer({ registryId, [kind.list]: found.map((item) => ({ registryId, ...item })) });
  }
}

function told({ single }: Kind, item: Item): ApiResponse {
  return jsonAnswer({ registryId, ...(single === undefined ? item : { [single]: item }) });
}
