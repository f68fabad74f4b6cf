/**
 * Whether a schedule is one that Application Auto Scaling takes.
 *
 * @see https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScheduledAction.html
 * @see https://docs.aws.amazon.com/autoscaling/application/userguide/scheduled-scaling-using-cron-expressions.html
 */

interface CronField {
  readonly name: string;
  readonly least: number;
  readonly greatest: number;
  readonly names?: readonly string[];
  /** Besides numbers, names, `*`, ranges, lists and steps. */
  readonly special?: RegExp;
}

const months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

const cronFields: readonly CronField[] = [
  { name: "minutes", least: 0, greatest: 59 },
  { name: "hours", least: 0, greatest: 23 },
  { name: "day of month", least: 1, greatest: 31, special: /^(?:\?|L|LW|(?:[1-9]|[12]\d|3[01])W)$/ },
  { name: "month", least: 1, greatest: 12, names: months },
  { name: "day of week", least: 1, greatest: 7, names: weekdays, special: /^(?:\?|L|\w{1,3}(?:L|#[1-5]))$/ },
  { name: "year", least: 1970, greatest: 2199 },
];

const dayOfMonth = 2;
const dayOfWeek = 4;

/**
 * What is wrong with a schedule, in a sentence, and what is allowed; undefined where nothing is.
 *
 * @param schedule as in `cron(0 8 ? * MON-FRI *)`, `rate(1 hour)` or `at(2026-01-31T08:00:00)`
 */
export function scheduleProblem(
  schedule: string,
): { readonly message: string; readonly hint: string } | undefined {
  const [, kind, inner = ""] = /^(cron|rate|at)\((.*)\)$/s.exec(schedule) ?? [];
  switch (kind) {
    case "cron":
      return cronProblem(inner);
    case "rate":
      return rateProblem(inner);
    case "at":
      return atProblem(inner);
    case undefined:
    default:
      return {
        message: `${JSON.stringify(schedule)} is not a schedule.`,
        hint: "It takes cron(…), rate(…) or at(…), as in cron(0 8 ? * MON-FRI *).",
      };
  }
}

function cronProblem(inner: string): ReturnType<typeof scheduleProblem> {
  const parts = inner.split(" ");
  const hint = `A cron expression has six fields, one space between: ${cronFields.map(({ name }) => name).join(", ")}; as in cron(0 8 ? * MON-FRI *).`;
  if (parts.length !== cronFields.length || parts.includes("")) {
    return { message: `cron(${inner}) has ${parts.filter((part) => part !== "").length} fields.`, hint };
  }
  const wrong = cronFields.findIndex((field, index) => !fits(parts[index] ?? "", field));
  const field = cronFields[wrong];
  if (field !== undefined) {
    const { name, least, greatest } = field;
    const message = `${JSON.stringify(parts[wrong])} is no value of the field ${name} of cron(${inner}).`;
    return {
      message,
      hint: `It takes ${least} to ${greatest}${field.names === undefined ? "" : `, ${field.names.join(", ")}`}.`,
    };
  }
  if ((parts[dayOfMonth] === "?") === (parts[dayOfWeek] === "?")) {
    return {
      message: `cron(${inner}) says nothing, or twice, of the day.`,
      hint: "One of day of month and day of week is ?, and the other is not.",
    };
  }
  return undefined;
}

function fits(text: string, field: CronField): boolean {
  return text.split(",").every((part) => fitsPart(part, field));
}

function fitsPart(part: string, field: CronField): boolean {
  if (field.special?.test(part) === true) return true;
  const [, range = "", step] = /^([^/]*)(?:\/(\d{1,4}))?$/.exec(part) ?? [];
  if (step !== undefined && Number(step) < 1) return false;
  if (range === "*") return true;
  const ends = range.split("-").map((end) => numberOf(end, field));
  const [from, to = from] = ends;
  // A range of weekdays may go over Sunday.
  return ends.length <= 2 && from !== undefined && to !== undefined;
}

function numberOf(text: string, { least, greatest, names = [] }: CronField): number | undefined {
  const named = names.indexOf(text.toUpperCase());
  const number = named >= 0 ? named + least : /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  return number >= least && number <= greatest ? number : undefined;
}

function rateProblem(inner: string): ReturnType<typeof scheduleProblem> {
  const [, value, unit = ""] = /^(\d+) (minutes?|hours?|days?)$/.exec(inner) ?? [];
  const hint = "It takes a whole number above 0 and its unit, as in rate(1 hour) or rate(30 minutes).";
  if (value === undefined || Number(value) < 1) return { message: `rate(${inner}) is not a rate.`, hint };
  if ((Number(value) === 1) === unit.endsWith("s")) {
    const singular = unit.replace(/s$/, "");
    const right = Number(value) === 1 ? singular : `${singular}s`;
    return { message: `rate(${inner}) has the wrong number.`, hint: `Write rate(${value} ${right}).` };
  }
  return undefined;
}

function atProblem(inner: string): ReturnType<typeof scheduleProblem> {
  const form = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/;
  const hint =
    "It takes a date and a time without an offset, as in at(2026-01-31T08:00:00); Timezone says where.";
  if (!form.test(inner)) return { message: `at(${inner}) is not a time.`, hint };
  const time = Date.parse(`${inner}Z`);
  // February 30th would be read as a day of March.
  const exists = !Number.isNaN(time) && new Date(time).toISOString().startsWith(inner);
  return exists ? undefined : { message: `at(${inner}) is a time that does not exist.`, hint };
}

/** Whether it is the name of a time zone, as in `Europe/Berlin`. Offsets are none. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
