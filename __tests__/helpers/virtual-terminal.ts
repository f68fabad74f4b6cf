import stringWidth from "string-width";

/** A terminal that keeps what a person would see: just the orders that a picture drawn in place needs. */
export class VirtualTerminal {
  readonly isTTY = true;
  columns: number;
  rows: number;
  cursorShown = true;
  /** Every order that it does not know, as it was written. */
  readonly unknown: string[] = [];
  readonly #lines: string[][] = [[]];
  #row = 0;
  #column = 0;

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
  }

  write(text: string): boolean {
    const order = /^\p{Cc}\[(\??)([\d;]*)([A-Za-z])/u;
    let rest = text;
    while (rest !== "") {
      const found = order.exec(rest);
      if (found !== null) {
        this.#obey(found);
        rest = rest.slice(found[0].length);
        continue;
      }
      const [{ segment } = { segment: "" }] = new Intl.Segmenter().segment(rest);
      this.#put(segment);
      rest = rest.slice(segment.length);
    }
    return true;
  }

  /** What is on the screen now, without the blank rows below. */
  screen(): readonly string[] {
    return this.all().slice(-this.rows);
  }

  /** The same with all that has scrolled away above it. */
  all(): readonly string[] {
    const lines = this.#lines.map((cells) => cells.join("").trimEnd());
    while (lines.at(-1) === "") lines.pop();
    return lines;
  }

  #obey([whole, marked, numbers = "", letter]: RegExpExecArray): void {
    const count = Math.max(1, Number(numbers === "" ? 1 : numbers));
    const top = Math.max(0, this.#lines.length - this.rows);
    if (marked === "?" && numbers === "25") this.cursorShown = letter === "h";
    else if (marked === "?" && numbers === "2026") return;
    else if (letter === "A") this.#row = Math.max(top, this.#row - count);
    else if (letter === "B") this.#row = Math.min(this.#lines.length - 1, this.#row + count);
    else if (letter === "G") this.#column = count - 1;
    else if (letter === "K") this.#erase(numbers);
    else if (letter !== "m") this.unknown.push(whole);
  }

  #erase(numbers: string): void {
    const line = this.#lines[this.#row] ?? [];
    if (numbers === "2") line.length = 0;
    else line.length = Math.min(line.length, this.#column);
  }

  #put(segment: string): void {
    if (segment === "\n" || segment === "\r\n") {
      this.#feed();
      return;
    }
    if (segment === "\r") {
      this.#column = 0;
      return;
    }
    const width = stringWidth(segment);
    if (width === 0) {
      this.unknown.push(segment);
      return;
    }
    if (this.#column + width > this.columns) this.#feed();
    const line = this.#lines[this.#row] ?? [];
    while (line.length < this.#column) line.push(" ");
    line[this.#column] = segment;
    for (let extra = 1; extra < width; extra += 1) line[this.#column + extra] = "";
    this.#column += width;
  }

  #feed(): void {
    this.#row += 1;
    this.#column = 0;
    if (this.#row === this.#lines.length) this.#lines.push([]);
  }
}
