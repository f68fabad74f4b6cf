import type { Paint } from "./paint.ts";

/** What `./deploy init` has written. */
export interface Initialized {
  readonly service: string;
  readonly cluster: string;
  /** `family:revision` that the templates were made from. */
  readonly revision: string;
  readonly files: readonly string[];
  /** The image that became `@@CONTAINER_VERSION@@`, and the containers that it stood in. */
  readonly image?: string;
  readonly containers?: readonly string[];
  /** The command that compares the templates with what runs. */
  readonly compare: string;
  readonly notes: readonly string[];
  /** Where the templates do not render to what runs; empty as it should be. */
  readonly differences: readonly string[];
}

function listed(files: readonly string[]): string {
  return [files.slice(0, -1).join(", "), ...files.slice(-1)].join(" and ");
}

/** The result of `./deploy init` for people. */
export function initText(
  { service, cluster, revision, files, image, containers = [], compare, notes, differences }: Initialized,
  paint: Paint,
): string {
  const lines = [
    `${paint.good("Wrote")} ${listed(files)} from ${paint.strong(service)} in cluster ${cluster}, which runs ${revision}.`,
    ...(image === undefined
      ? []
      : [`  @@CONTAINER_VERSION@@ stands for the image of ${containers.join(" and ")}, which is ${image}.`]),
    ...notes.map((note) => `  ${paint.warning(note)}`),
    differences.length === 0
      ? `  Rendered again they give just what runs. To see it: ${compare}`
      : `  ${paint.bad("Rendered again they do not give just what runs; the warnings say where.")} To see it: ${compare}`,
  ];
  return `${lines.join("\n")}\n`;
}
