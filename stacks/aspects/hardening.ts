import { Annotations, App } from "cdktf";
import type { IAspect } from "cdktf";
import type { IConstruct } from "constructs";
import type { UserSettings } from "../../scripts/core/environments.ts";
import { isClean } from "../../scripts/core/hardening/report.ts";
import type { HardeningReport } from "../../scripts/core/hardening/report.ts";
import { reportOn } from "./survey.ts";

/** The stacks break rules without a reason, or a reason is for nothing. Synthesis stops before a stack is written. */
export class HardeningError extends Error {
  readonly report: HardeningReport;

  constructor(report: HardeningReport) {
    const broken = report.results.filter(({ state }) => state === "violated").map(({ id }) => id);
    const unused = report.unused.map(({ id }) => id);
    super(
      `Hardening rules are broken: ${listed(broken)}. Suppressions that suppress nothing: ${listed(unused)}.`,
    );
    this.name = "HardeningError";
    this.report = report;
  }
}

function listed(ids: readonly string[]): string {
  return ids.length === 0 ? "none" : [...new Set(ids)].join(", ");
}

/**
 * Holds every rule against the whole app when the first construct is visited: rules span resources and stacks. Each
 * violation becomes an error annotation of its construct.
 */
export class HardeningAspect implements IAspect {
  readonly #users: UserSettings;
  #isDone = false;

  constructor(users: UserSettings) {
    this.#users = users;
  }

  visit(node: IConstruct): void {
    if (this.#isDone) return;
    this.#isDone = true;
    const app = App.of(node);
    const report = reportOn(app, this.#users);
    annotate(app, report);
    // cdktf itself would stop at the first stack with an error, and have written those before it.
    if (!isClean(report)) throw new HardeningError(report);
  }
}

function annotate(app: IConstruct, { results }: HardeningReport): void {
  const constructs = new Map(app.node.findAll().map((construct) => [construct.node.path, construct]));
  for (const { id, title, violations } of results) {
    for (const { path, found } of violations) {
      const construct = constructs.get(path);
      if (construct !== undefined) Annotations.of(construct).addError(`${id} ${title}: ${found.join("; ")}`);
    }
  }
}
