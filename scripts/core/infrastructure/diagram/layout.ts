import type { Box } from "./drawing.ts";
import { textWidth, wrapped } from "./text-width.ts";

/** A box with its place and size in pixels; `lines` fit into it. */
export interface PlacedBox extends Omit<Box, "children"> {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly children: readonly PlacedBox[];
}

export const titleSize = 13;
export const lineSize = 12;
export const titleHeight = 22;
export const lineHeight = 17;
export const padding = 12;
export const gap = 14;
const longestLine = 400;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** How much room a box needs. */
export function measure(box: Box): Size {
  const children = box.children.map(measure);
  const lines = linesOf(box);
  const texts = [textWidth(box.title, titleSize, true), ...lines.map((line) => textWidth(line, lineSize))];
  const inner = arranged(children, box.across === true);
  const frame = box.title === "" ? 0 : padding;
  const head = headHeight(box, lines.length);
  return {
    width: Math.ceil(Math.max(...texts, inner.width)) + 2 * frame,
    height: head + inner.height + (children.length > 0 && head > frame ? 4 : 0) + frame,
  };
}

/** Gives a box its place; what it has more than it needs goes to its boxes evenly. */
export function place(box: Box, x: number, y: number, width: number, height: number): PlacedBox {
  const lines = linesOf(box);
  const frame = box.title === "" ? 0 : padding;
  const head = headHeight(box, lines.length);
  const top = y + head + (head > frame ? 4 : 0);
  const room = { width: width - 2 * frame, height: y + height - frame - top };
  const sizes = box.children.map(measure);
  const needed = arranged(sizes, box.across === true);
  const spare = sizes.length === 0 ? 0 : Math.max(0, (room.width - needed.width) / sizes.length);
  let [left, upper] = [x + frame, top];
  const children = box.children.map((child, index) => {
    const size = sizes[index] ?? { width: 0, height: 0 };
    const placed =
      box.across === true
        ? place(child, left, upper, size.width + spare, Math.max(room.height, needed.height))
        : place(child, left, upper, room.width, size.height);
    if (box.across === true) left += placed.width + gap;
    else upper += placed.height + gap;
    return placed;
  });
  const { children: _children, ...own } = box;
  return { ...own, lines, x, y, width, height, children };
}

function arranged(sizes: readonly Size[], across: boolean): Size {
  const gaps = Math.max(0, sizes.length - 1) * gap;
  const widths = sizes.map(({ width }) => width);
  const heights = sizes.map(({ height }) => height);
  return across
    ? { width: sum(widths) + gaps, height: Math.max(0, ...heights) }
    : { width: Math.max(0, ...widths), height: sum(heights) + gaps };
}

function headHeight({ title }: Box, lines: number): number {
  return (title === "" ? 0 : padding / 2 + titleHeight) + lines * lineHeight;
}

function linesOf({ lines }: Box): readonly string[] {
  return lines.flatMap((line) => wrapped(line, lineSize, longestLine));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Boxes in columns next to each other, each about as high as asked; the order goes down and then right. */
export function inColumns(boxes: readonly Box[], height: number): readonly (readonly Box[])[] {
  const columns: Box[][] = [];
  let used = 0;
  for (const box of boxes) {
    const own = measure(box).height + gap;
    const last = columns.at(-1);
    if (last === undefined || used + own > height + gap) {
      columns.push([box]);
      used = own;
    } else {
      last.push(box);
      used += own;
    }
  }
  return columns;
}
