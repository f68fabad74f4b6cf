import type { Verb } from "../core/command-line/verbs.ts";
import type { CommandResult } from "../terminal/command-result.ts";
import type { RunCommand, RunEdge } from "./run-context.ts";

/** What a verb does: everything between the command line and the result. */
export type Handler = (command: RunCommand, edge: RunEdge) => Promise<CommandResult>;

/** Each verb's handler, loaded when it is called for. */
export const handlers: Readonly<Record<Verb, () => Promise<Handler>>> = {
  create: async () => (await import("./deploy-services.ts")).deployServices,
  update: async () => (await import("./deploy-services.ts")).deployServices,
  rollback: async () => (await import("./rollback.ts")).rollback,
  stage: async () => (await import("./staged/stage.ts")).stage,
  activate: async () => (await import("./activate.ts")).activate,
  teardown: async () => (await import("./staged/teardown.ts")).teardown,
  deployments: async () => (await import("./deployments.ts")).deployments,
  status: async () => (await import("./status.ts")).status,
  diff: async () => (await import("./diff.ts")).diff,
  verify: async () => (await import("./verify.ts")).verify,
  render: async () => (await import("./render.ts")).render,
  init: async () => (await import("./init.ts")).init,
  run: async () => (await import("./run-task.ts")).runTask,
  logs: async () => (await import("./logs.ts")).logs,
  exec: async () => (await import("./exec.ts")).exec,
  scale: async () => (await import("./scale.ts")).scale,
  restart: async () => (await import("./restart.ts")).restart,
  delete: async () => (await import("./delete.ts")).deleteService,
  revisions: async () => (await import("./revisions.ts")).revisions,
  completion: async () => (await import("./completion.ts")).completion,
};
