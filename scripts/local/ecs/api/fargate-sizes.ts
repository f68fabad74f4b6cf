/**
 * The sizes of tasks: what a task definition's `cpu` and `memory` may say, and which pairs Fargate runs.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html
 */

/** Memory in MiB that Fargate offers for each cpu size. */
const fargateMemory: ReadonlyMap<number, readonly number[]> = new Map([
  [256, [512, 1024, 2048]],
  [512, range(1024, 4096, 1024)],
  [1024, range(2048, 8192, 1024)],
  [2048, range(4096, 16384, 1024)],
  [4096, range(8192, 30720, 1024)],
  [8192, range(16384, 61440, 4096)],
  [16384, range(32768, 122880, 8192)],
]);

/** CPU units that a task on a host may ask for: from an eighth of a vCPU to 192. */
const leastCpuUnits = 128;
const mostCpuUnits = 196_608;

function range(from: number, to: number, step: number): number[] {
  return Array.from({ length: (to - from) / step + 1 }, (_, index) => from + index * step);
}

/** Reads `cpu`: CPU units such as `256`, or vCPUs such as `.25 vCPU`. Undefined for what no task can have. */
export function cpuUnits(text: string): number | undefined {
  const units = amount(text, /^(\d*\.?\d+)\s*vcpus?$/i);
  return units !== undefined && units >= leastCpuUnits && units <= mostCpuUnits ? units : undefined;
}

/** Reads `memory`: MiB such as `512`, or GB such as `0.5GB`. Undefined for what is no size. */
export function memoryMiB(text: string): number | undefined {
  return amount(text, /^(\d*\.?\d+)\s*gb$/i);
}

function amount(text: string, withUnit: RegExp): number | undefined {
  const trimmed = text.trim();
  const value = /^\d{1,9}$/.test(trimmed)
    ? Number(trimmed)
    : Number(withUnit.exec(trimmed.slice(0, 20))?.[1] ?? "") * 1024;
  return Number.isInteger(value) && value > 0 ? value : undefined;
}

/** Whether Fargate runs this pair; Windows needs a whole vCPU at least. */
export function isFargateSize(units: number, mebibytes: number, windows = false): boolean {
  return (!windows || units >= 1024) && (fargateMemory.get(units)?.includes(mebibytes) ?? false);
}
