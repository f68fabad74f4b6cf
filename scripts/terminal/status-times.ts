import { elapsedText } from "./words.ts";

/** `2026-11-21 11:47:13Z (4m 2s ago)`. */
export function moment(at: string | undefined, now: number): string {
  if (at === undefined) return "";
  const ago = now - Date.parse(at);
  return ago < 0 ? time(at) : `${time(at)} (${elapsedText(ago)} ago)`;
}

/** `2026-11-21 11:47:13Z`. */
export function time(at: string | undefined): string {
  return at === undefined ? "" : `${at.slice(0, 10)} ${at.slice(11, 19)}Z`;
}
