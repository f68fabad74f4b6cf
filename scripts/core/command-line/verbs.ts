import { commonOptions, type OptionName, type VerbOptionName } from "./options.ts";

/** One verb: what it takes and what `--help` says of it. */
export interface VerbEntry {
  readonly help: string;
  /** How many names of services: any (the only one where there is one), exactly one, or another word altogether. */
  readonly names: "services" | "service" | { readonly word: string; readonly allowed: readonly string[] };
  readonly options: readonly VerbOptionName[];
  /** Options that it cannot do without. */
  readonly required?: readonly VerbOptionName[];
  /** Whether what follows `--` is a command for the container. */
  readonly command?: boolean;
  /** What somebody would write, for its `--help`. */
  readonly examples: readonly string[];
}

/** What every verb that starts a rollout takes. */
const rollout = [
  "all",
  "no-wait",
  "dry-run",
  "force",
  "wait-for-lock",
  "rollback",
  "no-rollback",
  "on-failure",
  "suspend-autoscaling",
  "keep-revisions",
] as const satisfies readonly VerbOptionName[];

/** The verbs: the parser, `--help`, completion and the suggestions all read this table. */
export const verbTable = {
  create: {
    help: "register a revision and create the service",
    names: "services",
    // Its first deployment has the service's hooks as well.
    options: [...rollout, "wait-until"],
    examples: ["CONTAINER_VERSION=nginx:1.27 ./deploy create web"],
  },
  update: {
    help: "register a revision and update the service",
    names: "services",
    options: [...rollout, "deployment-config", "auto-approve-after", "wait-until"],
    examples: [
      "CONTAINER_VERSION=nginx:1.27 ./deploy update web",
      "./deploy update --all --on-failure rollback-all",
      "./deploy update web --dry-run",
    ],
  },
  rollback: {
    help: "go back to the revision that was last deployed and steady",
    names: "services",
    options: ["all", "to", "no-wait", "dry-run", "force", "wait-for-lock"],
    examples: ["./deploy rollback web", "./deploy rollback web --to 41"],
  },
  stage: {
    help: "bring a version up beside what runs, at a host of its own and without live traffic",
    names: "service",
    options: ["no-wait", "dry-run", "force", "wait-for-lock", "rollback", "no-rollback"],
    examples: [
      "CONTAINER_VERSION=web:1.27 ./deploy stage web --env prod",
      "CONTAINER_VERSION=web:1.27 ./deploy stage web --output json",
    ],
  },
  activate: {
    help: "give the live traffic to what was staged; approve a deployment that waits for it",
    names: "service",
    options: [
      "id",
      "canary",
      "bake",
      "linear",
      "every",
      "alarm",
      "dry-run",
      "force",
      "wait-for-lock",
      "no-wait",
    ],
    examples: [
      "./deploy activate web",
      "./deploy activate web --canary 10% --bake 5m --alarm web-5xx",
      "./deploy activate web --linear 10% --every 1m",
    ],
  },
  teardown: {
    help: "take down a deployment that has no traffic, once its connections have drained",
    names: "service",
    options: ["id", "all-retired", "keep", "dry-run", "wait-for-lock"],
    examples: ["./deploy teardown web --id 0toupgk2dsss", "./deploy teardown web --all-retired --keep 2"],
  },
  deployments: {
    help: "list the deployments: version, state, traffic, age, tasks",
    names: "service",
    options: [],
    examples: ["./deploy deployments web", "./deploy deployments web --output json"],
  },
  status: {
    help: "what runs, since when, by which deployment; tasks, targets, events",
    names: "services",
    options: ["all", "id"],
    examples: ["./deploy status", "./deploy status web --output json"],
  },
  diff: {
    help: "what would change against what runs",
    names: "services",
    options: ["all", "exit-code"],
    examples: ["./deploy diff web --exit-code"],
  },
  verify: {
    help: "check everything that can be known before a rollout; exit 4 where a check fails",
    names: "services",
    options: ["all"],
    examples: ["./deploy verify --all"],
  },
  render: {
    help: "print the filled templates just as they are sent, secrets included",
    names: "services",
    options: ["all"],
    examples: ["./deploy render web"],
  },
  init: {
    help: "write templates from a running service",
    names: "service",
    options: ["force"],
    examples: ["./deploy init web --cluster production"],
  },
  run: {
    help: "run one task of the service's definition and wait for its exit code",
    names: "service",
    options: ["container", "set-env", "cpu", "memory", "count", "no-wait", "dry-run"],
    command: true,
    examples: [
      "./deploy run web -- ./migrate --verbose",
      "./deploy run web --set-env MODE=once --memory 1024",
    ],
  },
  logs: {
    help: "the containers' log lines",
    names: "service",
    options: ["id", "follow", "since", "grep", "container", "task"],
    examples: ["./deploy logs web --follow", "./deploy logs web --since 2h --grep ERROR"],
  },
  exec: {
    help: "a command, or a shell, in a running container",
    names: "service",
    options: ["id", "container", "task"],
    command: true,
    examples: ["./deploy exec web", "./deploy exec web --container app -- env"],
  },
  scale: {
    help: "set how many tasks run",
    names: "services",
    options: ["count", "all", "no-wait", "dry-run", "force", "wait-for-lock"],
    required: ["count"],
    examples: ["./deploy scale web --count 4"],
  },
  restart: {
    help: "start new tasks of the same revision",
    names: "services",
    options: ["all", "no-wait", "dry-run", "force", "wait-for-lock", "rollback", "no-rollback"],
    examples: ["./deploy restart web"],
  },
  delete: {
    help: "stop the tasks and delete the service; asks for its name",
    names: "service",
    options: ["confirm", "no-wait", "dry-run", "wait-for-lock"],
    examples: ["./deploy delete web", "./deploy delete web --confirm web"],
  },
  revisions: {
    help: "list the revisions and which of them were deployed; with --keep-revisions, prune them",
    names: "service",
    options: ["keep-revisions", "dry-run"],
    examples: ["./deploy revisions web", "./deploy revisions web --keep-revisions 10 --dry-run"],
  },
  completion: {
    help: "print the completion script of a shell",
    names: { word: "shell", allowed: ["bash", "zsh", "fish"] },
    options: [],
    examples: [
      'eval "$(./deploy completion bash)"',
      "./deploy completion zsh > ~/.zfunc/_deploy",
      "./deploy completion fish > ~/.config/fish/completions/deploy.fish",
    ],
  },
} as const satisfies Record<string, VerbEntry>;

export type Verb = keyof typeof verbTable;

export function isVerb(name: string): name is Verb {
  return Object.hasOwn(verbTable, name);
}

/** The verbs that take an option, for the message that refuses it elsewhere. */
export function verbsWith(option: VerbOptionName): readonly Verb[] {
  const entries = Object.entries(verbTable) as [Verb, VerbEntry][];
  return entries.filter(([, { options }]) => options.includes(option)).map(([verb]) => verb);
}

/** Every option of a verb: its own, then those that all have. */
export function optionsOf(verb: Verb): readonly OptionName[] {
  // Object.keys gives the table's own names.
  return [...verbTable[verb].options, ...(Object.keys(commonOptions) as OptionName[])];
}
