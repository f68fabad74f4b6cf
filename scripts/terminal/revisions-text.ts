import type { ListedRevision } from "../core/revisions/list.ts";
import { cleanLine } from "./clean-text.ts";
import type { Paint } from "./paint.ts";
import { counted } from "./words.ts";
import { wrapProse } from "./wrap-prose.ts";

/** What `./deploy revisions` lists. */
export interface RevisionsReport {
  readonly command: string;
  readonly service: string;
  readonly cluster: string;
  readonly family: string;
  /** Newest first. */
  readonly revisions: readonly ListedRevision[];
  /** Active revisions that are not listed. */
  readonly older: number;
}

/** What `./deploy revisions --keep-revisions` did, or would do. */
export interface PruneReport {
  readonly command: string;
  readonly family: string;
  readonly outcome: "pruned" | "planned" | "interrupted";
  /** Deregistered, or to be; oldest first. */
  readonly revisions: readonly string[];
  /** Those that would have gone as well, but for the interruption. */
  readonly left: number;
  readonly keep: number;
  /** Those that stay whatever their age. */
  readonly inUse: readonly string[];
  /** Where the environment's registry releases pins. */
  readonly pins?: PinsReport;
}

/** Pins of images that no revision names any more. */
export interface PinsReport {
  /** Taken away, or to be. */
  readonly released: readonly string[];
  /** Those that stay because they are their image's last tag. */
  readonly lastTags: readonly string[];
}

/**
 * A line or two a revision: what it is, then how it fared.
 *
 * @param unused what is said of one that nothing needs and no deployment is known of
 */
export function revisionsText(
  report: RevisionsReport,
  paint: Paint,
  columns: number,
  unused = "not deployed",
): string {
  const { family, revisions, older } = report;
  if (revisions.length === 0) return `Family ${family} has no active revision.\n`;
  const width = Math.max(...revisions.map(({ revision }) => revision.length));
  const lines = revisions.flatMap((one) => [
    `${paint.strong(one.revision.padEnd(width))}  ${usage(one, unused, paint)}  ${imagesOf(one)}`,
    `  ${paint.faint(origin(one))}`,
    ...(one.deployed === undefined ? [] : [`  ${deployedText(one.deployed, paint)}`]),
  ]);
  const rest = older > 0 ? [`and ${counted(older, "older revision")}`] : [];
  return `${[...lines, ...rest].map((line) => wrapProse(line.trimEnd(), columns)).join("\n")}\n`;
}

function usage({ usedBy, rollbackTarget, deployed }: ListedRevision, unused: string, paint: Paint): string {
  if (usedBy.length > 0) return paint.good(`runs in ${usedBy.join(", ")}`);
  if (rollbackTarget) return paint.warning("rollback goes here");
  return deployed === undefined ? unused : "deployed before";
}

function imagesOf({ containers }: ListedRevision): string {
  return containers
    .map(({ container, image }) => (containers.length === 1 ? image : `${container}=${image}`))
    .join(" ");
}

function origin({ registeredAt, registeredBy, trail }: ListedRevision): string {
  const who = trail["deployed-by"] ?? registeredBy?.slice(registeredBy.lastIndexOf(":") + 1);
  const parts = [
    `registered ${time(registeredAt)}${who === undefined ? "" : ` by ${who}`}`,
    ...(trail["commit"] === undefined ? [] : [`commit ${trail["commit"]}`]),
    ...(trail["run-url"] === undefined ? [] : [trail["run-url"]]),
  ];
  return cleanLine(parts.join(", "));
}

function deployedText(
  { status, reason, at, times }: NonNullable<ListedRevision["deployed"]>,
  paint: Paint,
): string {
  const tone =
    status === "SUCCESSFUL" ? paint.good : /^(PENDING|IN_PROGRESS)$/.test(status) ? paint.warning : paint.bad;
  const count = times === 1 ? "" : `, ${times} times`;
  return `${tone(status)} ${time(at)}${count}${reason === undefined ? "" : `: ${cleanLine(reason)}`}`;
}

/** What was pruned, and why the rest stays. */
export function pruneText(report: PruneReport, paint: Paint): string {
  const { family, outcome, revisions, left, keep, inUse } = report;
  const stay = `The newest ${keep} stay, and what is in use or a rollback would need: ${inUse.length === 0 ? "nothing" : inUse.join(", ")}.\n`;
  const list = revisions.map((name) => `  ${name}\n`).join("");
  const pins = report.pins === undefined ? "" : pinsText(report.pins, outcome);
  if (outcome === "planned") {
    return `${counted(revisions.length, "revision")} of ${family} would be deregistered; nothing was changed.\n${list}${stay}${pins}`;
  }
  const ending =
    outcome === "interrupted"
      ? paint.warning(`Interrupted with ${left} to go. The same command goes on.\n`)
      : "";
  return `${paint.good(`${counted(revisions.length, "revision")} of ${family} deregistered.`)}\n${list}${ending}${stay}${pins}`;
}

function pinsText({ released, lastTags }: PinsReport, outcome: PruneReport["outcome"]): string {
  const what = `${counted(released.length, "pin")} of images ${outcome === "planned" ? "would be released" : "released"}`;
  const kept = lastTags.length === 0 ? "" : `; ${lastTags.join(", ")} stay as their images' last tags`;
  return `${what}${kept}.\n`;
}

function time(at: string | undefined): string {
  return at === undefined ? "at an unknown time" : `${at.slice(0, 10)} ${at.slice(11, 19)}Z`;
}
