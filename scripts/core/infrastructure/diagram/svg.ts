import type { Arrow, Box, BoxKind, Drawing } from "./drawing.ts";
import {
  gap,
  inColumns,
  lineHeight,
  lineSize,
  measure,
  padding,
  place,
  titleHeight,
  titleSize,
} from "./layout.ts";
import type { PlacedBox } from "./layout.ts";
import { textWidth } from "./text-width.ts";

const margin = 24;
const pillHeight = 32;
const arrowRoom = 34;

const colours: Readonly<Record<BoxKind, { readonly fill: string; readonly line: string }>> = {
  outside: { fill: "#ffffff", line: "#555555" },
  network: { fill: "#f3f0fa", line: "#7a5fb5" },
  public: { fill: "#eaf6ea", line: "#4b9a4b" },
  private: { fill: "#eaf2fb", line: "#3f7cb8" },
  traffic: { fill: "#fdf1e4", line: "#c9782a" },
  compute: { fill: "#fdf9e3", line: "#b59a1d" },
  access: { fill: "#fbeaea", line: "#b54a4a" },
  data: { fill: "#eef5f4", line: "#3d8a80" },
  other: { fill: "#f7f7f7", line: "#888888" },
};

/** The drawing as an SVG image of its own size: no script, no font and nothing from elsewhere. */
export function svg(drawing: Drawing): string {
  const { title, outside, network, middle, beside, arrows, footer } = drawing;
  const column: Box = { id: "middle", title: "", kind: "other", lines: [], children: middle };
  const spaced = middleSize(middle);
  const columns = inColumns(beside, spaced.height + titleHeight + 2 * padding);
  const besideSizes = columns.map((boxes) => measure({ ...column, children: boxes }));
  const top = margin + titleHeight + (outside.length === 0 ? 0 : pillHeight + arrowRoom);
  const inner = { x: margin + padding, y: top + padding };
  const head = padding / 2 + titleHeight + 4;
  const frame = {
    width: Math.max(spaced.width, textWidth(network, titleSize, true)) + 2 * padding,
    height: spaced.height + head + padding,
  };

  const placedMiddle = placeMiddle(middle, inner.x + padding, inner.y + head, frame.width - 2 * padding);
  let left = inner.x + frame.width + 2 * gap;
  const placedBeside = columns.flatMap((boxes, index) => {
    const width = besideSizes[index]?.width ?? 0;
    const placed = place(
      { ...column, children: boxes },
      left,
      inner.y,
      width,
      besideSizes[index]?.height ?? 0,
    );
    left += width + gap;
    return placed.children;
  });
  const right = left - gap + padding;
  const bottom =
    Math.max(inner.y + frame.height, ...placedBeside.map(({ y, height }) => y + height)) + padding;
  const everywhere = [...placedMiddle, ...placedBeside].flatMap(withInner);
  const pills = placePills(outside, arrows, everywhere, margin + titleHeight);
  const all = [...everywhere, ...pills];
  const width = Math.ceil(right + margin);
  const height = Math.ceil(bottom + 20 + footer.length * lineHeight + margin);

  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title" font-family="Helvetica, Arial, 'Liberation Sans', sans-serif" font-size="${lineSize}" fill="#222222">`,
    `<title id="title">${escaped(title)}</title>`,
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 L8 4 L0 8 z" fill="#555555"/></marker></defs>',
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    textAt(margin, margin + 8, title, 17, true),
    rectangle(margin, top, right - margin, bottom - top, "#fcfcfc", "#444444"),
    rectangle(inner.x, inner.y, frame.width, frame.height, colours.network.fill, colours.network.line, 5),
    textAt(inner.x + padding, inner.y + padding / 2 + 16, network, titleSize, true),
    ...[...placedMiddle, ...placedBeside, ...pills].flatMap(boxMarkup),
    ...arrows.flatMap((arrow) => arrowMarkup(arrow, all)),
    ...footer.map((line, index) =>
      textAt(margin, bottom + 22 + index * lineHeight, line, lineSize, false, "#555555"),
    ),
    "</svg>",
    "",
  ].join("\n");
}

/** Between what requests pass through, there is room for an arrow. */
function middleSize(boxes: readonly Box[]): { readonly width: number; readonly height: number } {
  const sizes = boxes.map(measure);
  return {
    width: Math.max(0, ...sizes.map(({ width }) => width)),
    height:
      sizes.reduce((total, { height }) => total + height, 0) + Math.max(0, boxes.length - 1) * arrowRoom,
  };
}

function placeMiddle(boxes: readonly Box[], x: number, y: number, width: number): PlacedBox[] {
  let upper = y;
  return boxes.map((box) => {
    const { height } = measure(box);
    const placed = place(box, x, upper, width, height);
    upper += height + arrowRoom;
    return placed;
  });
}

/** Who sends requests stands above what takes them. */
function placePills(
  boxes: readonly Box[],
  arrows: readonly Arrow[],
  placed: readonly PlacedBox[],
  y: number,
): PlacedBox[] {
  return boxes.map((box) => {
    const target = arrows.find(({ from }) => from === box.id)?.to;
    const below = placed.find(({ id }) => id === target);
    const { width } = measure(box);
    const x = below === undefined ? margin : doorOf(below) - width / 2;
    return { ...place(box, x, y, width, pillHeight), children: [] };
  });
}

function withInner(box: PlacedBox): PlacedBox[] {
  return [box, ...box.children.flatMap(withInner)];
}

function boxMarkup(box: PlacedBox): string[] {
  const { x, y, width, height, title, kind, lines, children } = box;
  if (title === "") return children.flatMap(boxMarkup);
  const { fill, line } = colours[kind];
  const isPill = kind === "outside";
  return [
    rectangle(x, y, width, height, fill, line, isPill ? height / 2 : 5),
    textAt(x + padding, y + (isPill ? height / 2 + 5 : padding / 2 + 16), title, titleSize, true),
    ...lines.map((text, index) =>
      textAt(x + padding, y + padding / 2 + titleHeight + (index + 1) * lineHeight - 4, text, lineSize),
    ),
    ...children.flatMap(boxMarkup),
  ];
}

/** Where requests come in from outside: beside the titles, which stand to the left. */
function doorOf({ x, width }: PlacedBox): number {
  return x + width - 50;
}

/** Straight down where both are above each other, else with one bend. */
function arrowMarkup({ from, to }: Arrow, placed: readonly PlacedBox[]): string[] {
  const start = placed.find(({ id }) => id === from);
  const end = placed.find(({ id }) => id === to);
  if (start === undefined || end === undefined) return [];
  const [x, y] = [round(start.x + start.width / 2), round(start.y + start.height)];
  const endX = start.kind === "outside" ? round(doorOf(end)) : insideOf(x, end);
  const bend = endX === x ? "" : ` V ${round(y + 12)} H ${endX}`;
  return [
    `<path d="M ${x} ${y}${bend} V ${round(end.y - 1)}" fill="none" stroke="#555555" stroke-width="1.5" marker-end="url(#tip)"/>`,
  ];
}

function insideOf(x: number, end: PlacedBox): number {
  return x > end.x && x < end.x + end.width ? x : round(end.x + end.width / 2);
}

function rectangle(
  x: number,
  y: number,
  width: number,
  height: number,
  fill: string,
  line: string,
  radius = 7,
): string {
  return `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="${radius}" fill="${fill}" stroke="${line}"/>`;
}

function textAt(x: number, y: number, text: string, size: number, bold = false, colour?: string): string {
  const weight = bold ? ' font-weight="bold"' : "";
  const fill = colour === undefined ? "" : ` fill="${colour}"`;
  return `<text x="${round(x)}" y="${round(y)}" font-size="${size}"${weight}${fill} xml:space="preserve">${escaped(text)}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
