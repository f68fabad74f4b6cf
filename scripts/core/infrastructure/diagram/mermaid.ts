import type { Box, Drawing } from "./drawing.ts";

/** The drawing as a Mermaid flowchart, which GitHub and GitLab show in Markdown. */
export function mermaid({ outside, network, middle, beside, arrows }: Drawing): string {
  const inside = middle.flatMap((box) => (box.title === "" ? box.children : [box]));
  return [
    "flowchart TB",
    ...outside.map(({ id, title }) => `  ${id}(["${escaped(title)}"])`),
    `  subgraph network["${escaped(network)}"]`,
    ...inside.flatMap((box) => boxLines(box, "    ")),
    "  end",
    ...beside.flatMap((box) => boxLines(box, "  ")),
    ...arrows.map(({ from, to }) => `  ${from} --> ${to}`),
    "",
  ].join("\n");
}

function boxLines(box: Box, indent: string): string[] {
  const { id, title, lines, children } = box;
  if (children.length === 0) return [`${indent}${id}["${[title, ...lines].map(escaped).join("<br/>")}"]`];
  const told = lines.length === 0 ? [] : [`${indent}  ${id}-told["${lines.map(escaped).join("<br/>")}"]`];
  return [
    `${indent}subgraph ${id}["${escaped(title)}"]`,
    ...told,
    ...children.flatMap((child) => boxLines(child, `${indent}  `)),
    `${indent}end`,
  ];
}

/** Mermaid reads entity codes where a character would end the text. */
function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll('"', "#quot;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}
