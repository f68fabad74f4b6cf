/** How the traffic is to move. Shares are in per cent, above 0 and below 100. */
export type Course =
  | { readonly kind: "atOnce" }
  | { readonly kind: "canary"; readonly percent: number; readonly bakeMs: number }
  | { readonly kind: "linear"; readonly percent: number; readonly everyMs: number };

/** A share of the traffic for the new version, and for how long it is watched with that. */
export interface CourseStep {
  readonly percent: number;
  readonly watchMs: number;
}

/**
 * How long a version is watched that has just got all of the traffic: what falls over at once is put back at once,
 * and requests that the old one had begun to answer are over when the run says that it is done.
 */
export const settleMs = 10_000;

/**
 * The steps of a course, from the share that the version has already, as a killed run may have left it: that share is
 * watched anew.
 */
export function stepsOf(course: Course, currentPercent: number): readonly CourseStep[] {
  return [...stepsBelowAll(course, currentPercent), { percent: 100, watchMs: settleMs }];
}

function stepsBelowAll(course: Course, currentPercent: number): readonly CourseStep[] {
  switch (course.kind) {
    case "atOnce":
      return [];
    case "canary":
      return [{ percent: Math.max(course.percent, currentPercent), watchMs: course.bakeMs }];
    case "linear": {
      const steps: CourseStep[] = [];
      const tenths = (percent: number): number => Math.round(percent * 10);
      const first = currentPercent > 0 ? tenths(currentPercent) : tenths(course.percent);
      for (let share = first; share < 1000; share += tenths(course.percent)) {
        steps.push({ percent: share / 10, watchMs: course.everyMs });
      }
      return steps;
    }
  }
}
