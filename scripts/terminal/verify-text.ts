import type { Check } from "../core/check.ts";
import type { VerifiedService, VerifyReport } from "../core/verify/report.ts";
import { cleanLine } from "./clean-text.ts";
import type { Paint } from "./paint.ts";
import { wrapLine } from "./wrap-prose.ts";

const order: readonly Check["status"][] = ["ok", "skipped", "failed"];
const words: Readonly<Record<Check["status"], string>> = { ok: "OK", skipped: "SKIPPED", failed: "FAILED" };
const wordWidth = Math.max(...Object.values(words).map(({ length }) => length));

/** The result of `./deploy verify` for people: by service, what failed last, and at the end the sum of it. */
export function verifyText({ services, summary }: VerifyReport, paint: Paint, columns: number): string {
  const blocks = services.map((one) => serviceText(one, paint, columns));
  return `${blocks.join("\n\n")}\n\n${summaryText(services, summary, paint)}\n`;
}

function serviceText(
  { service, cluster, exists, checks }: VerifiedService,
  paint: Paint,
  columns: number,
): string {
  const head = `${paint.strong(cleanLine(service))} in cluster ${cleanLine(cluster)}${exists === false ? ", which does not have it yet" : ""}`;
  const sorted = checks.toSorted((one, other) => order.indexOf(one.status) - order.indexOf(other.status));
  return [head, ...sorted.flatMap((check) => checkLines(check, paint, columns))].join("\n");
}

function checkLines(
  { name, status, reason, remedy }: Check,
  paint: Paint,
  columns: number,
): readonly string[] {
  const tone = { ok: paint.good, skipped: paint.warning, failed: paint.bad }[status];
  const word = words[status].padEnd(wordWidth);
  const indent = " ".repeat(wordWidth + 4);
  const [first = "", ...rest] = wrapLine(`${indent}${cleanLine(name)}: ${cleanLine(reason)}`, columns).split(
    "\n",
  );
  return [
    `  ${tone(word)}  ${first.slice(indent.length)}`,
    ...rest,
    ...(remedy === undefined ? [] : [wrapLine(`${indent}> ${cleanLine(remedy)}`, columns)]),
  ];
}

function summaryText(
  services: readonly VerifiedService[],
  { ok, failed, skipped }: VerifyReport["summary"],
  paint: Paint,
): string {
  const counts = `${ok} OK, ${failed} FAILED, ${skipped} SKIPPED`;
  if (failed === 0)
    return `${paint.good("Nothing found that would break a rollout")}: ${counts}. Nothing was changed.`;
  const where = services
    .filter(({ checks }) => checks.some(({ status }) => status === "failed"))
    .map(({ service }) => cleanLine(service));
  return `${paint.bad(`A rollout of ${where.join(", ")} would not go well`)}: ${counts}. Nothing was changed.`;
}
