/**
 * About how wide a text is in a sans-serif font of this size, in pixels. Fonts differ from machine to machine, so it is
 * rather too wide than too narrow.
 */
export function textWidth(text: string, size: number, bold = false): number {
  const units = Array.from(text).reduce((sum, character) => sum + characterWidth(character), 0);
  return units * size * (bold ? 1.2 : 1.06);
}

/** In ems. */
function characterWidth(character: string): number {
  if (/[ijl.,:;'|!()[\]tf/ ]/.test(character)) return 0.31;
  if (/[mwMW@%]/.test(character)) return 0.87;
  if (/[A-Z→×&]/.test(character)) return 0.7;
  return /[\u0020-\u024f–…]/.test(character) ? 0.56 : 1;
}

/** The text in lines that are not wider than so many pixels, broken between words; a long word stays whole. */
export function wrapped(text: string, size: number, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    const longer = last === undefined ? word : `${last} ${word}`;
    if (last !== undefined && textWidth(longer, size) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.map((line, index) => (index === 0 ? line : `  ${line}`));
}
