import type { Standing } from "./standing-deployment.ts";

/** A command, and what it finds. */
export interface MoveScenario {
  readonly name: string;
  readonly args: readonly string[];
  readonly exitCode: number;
  /** Brings what it finds about; `old` has the traffic unless it is the only one. */
  readonly prepare: (place: Place) => Promise<void>;
  /** Whether the first deployment is all that there is. */
  readonly alone?: boolean;
  /** Each deployment has autoscaling of its own, and the old one has more tasks. */
  readonly scaled?: boolean;
  /** The alarm fires as soon as the version has a part of the traffic. */
  readonly alarmed?: boolean;
}

/** What a case plays on. */
export interface Place {
  readonly application: string;
  readonly old: Standing;
  readonly fresh: Standing;
  readonly done: (...args: readonly string[]) => Promise<unknown>;
}

const canary = ["--canary", "10%", "--bake", "30s"];

/** What is killed at every call. */
export const moveScenarios: readonly MoveScenario[] = [
  {
    name: "first activation",
    args: ["activate"],
    exitCode: 0,
    prepare: () => Promise.resolve(),
    alone: true,
  },
  { name: "activation at once", args: ["activate"], exitCode: 0, prepare: () => Promise.resolve() },
  {
    name: "canary",
    args: ["activate", ...canary],
    exitCode: 0,
    prepare: () => Promise.resolve(),
    scaled: true,
  },
  {
    name: "canary that an alarm puts back",
    args: ["activate", ...canary, "--alarm"],
    exitCode: 1,
    prepare: () => Promise.resolve(),
    alarmed: true,
  },
  {
    name: "rollback of an activation",
    args: ["rollback"],
    exitCode: 0,
    scaled: true,
    prepare: async ({ done }) => {
      await done("activate", "--no-wait");
    },
  },
  {
    name: "rollback to a deployment that is gone",
    args: ["rollback"],
    exitCode: 0,
    prepare: async ({ done, old }) => {
      await done("activate", "--no-wait");
      await done("teardown", "--id", old.id);
    },
  },
  {
    name: "rollback in the midst of a canary",
    args: ["rollback"],
    exitCode: 0,
    prepare: async ({ done }) => {
      await done("activate", "--canary", "10%", "--bake", "1h", "killed-in-the-bake");
    },
  },
];
