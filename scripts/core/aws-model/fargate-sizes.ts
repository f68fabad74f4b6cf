/**
 * The combinations of task cpu and memory that Fargate runs.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
 */

interface FargateSize {
  readonly cpuUnits: number;
  readonly memoryMiB: readonly number[];
}

const sizes: readonly FargateSize[] = [
  { cpuUnits: 256, memoryMiB: [512, 1024, 2048] },
  { cpuUnits: 512, memoryMiB: every(1024, 1024, 4096) },
  { cpuUnits: 1024, memoryMiB: every(1024, 2048, 8192) },
  { cpuUnits: 2048, memoryMiB: every(1024, 4096, 16_384) },
  { cpuUnits: 4096, memoryMiB: every(1024, 8192, 30_720) },
  { cpuUnits: 8192, memoryMiB: every(4096, 16_384, 61_440) },
  { cpuUnits: 16_384, memoryMiB: every(8192, 32_768, 122_880) },
];

function every(step: number, least: number, greatest: number): number[] {
  return Array.from({ length: (greatest - least) / step + 1 }, (_, index) => least + index * step);
}

/** The cpu sizes of Fargate, in cpu units (1024 are one vCPU). */
export const fargateCpuUnits: readonly number[] = sizes.map(({ cpuUnits }) => cpuUnits);

/** The memory sizes in MiB that go with a cpu size; undefined when Fargate has no such cpu size. */
export function fargateMemoryMiB(cpuUnits: number): readonly number[] | undefined {
  return sizes.find((size) => size.cpuUnits === cpuUnits)?.memoryMiB;
}

/** Reads a task's `cpu`: units such as `256`, or vCPUs such as `.25 vCPU`. */
export function parseCpuUnits(text: string): number | undefined {
  return parseAmount(text, /^(\d*\.?\d+)\s*vcpu$/i);
}

/** Reads a task's `memory`: MiB such as `512`, or GB such as `0.5GB`. */
export function parseMemoryMiB(text: string): number | undefined {
  return parseAmount(text, /^(\d*\.?\d+)\s*gb$/i);
}

function parseAmount(text: string, unit: RegExp): number | undefined {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const amount = text.length > 20 ? undefined : unit.exec(text)?.[1];
  return amount === undefined ? undefined : Number(amount) * 1024;
}
