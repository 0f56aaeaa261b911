import { lineWidth, type Line, type Measure, type Span } from '../drawing';

/** Where a text may be broken: after a blank or a hyphen, and between any two East Asian characters. */
const PIECES =
  /[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef]\s*|[^\s\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef-]*-?\s*/gu;

/** The parts of a text that stay together, which joined are the text again. */
export const pieces = (text: string): string[] => (text.match(PIECES) ?? []).filter((piece) => piece !== '');

/** A piece that is wider than a line, in parts that are not. */
function cut(piece: string, fits: (text: string) => boolean): string[] {
  const parts: string[] = [];
  let part = '';
  for (const character of piece) {
    if (part !== '' && !fits(part + character)) {
      parts.push(part);
      part = '';
    }
    part += character;
  }
  return [...parts, part];
}

/** A text in lines no wider than `room` ems; a word that is wider is cut. Line breaks in the text stay. */
export function wrap(text: string, room: number, measure: Measure, span: Omit<Span, 'text'> = {}): Line[] {
  const fits = (words: string): boolean => measure(words.trimEnd(), span.weight ?? 'regular') <= room;
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (const piece of pieces(paragraph)) {
      if (fits(line + piece)) {
        line += piece;
        continue;
      }
      if (line !== '') lines.push(line);
      const parts = cut(piece, fits);
      lines.push(...parts.slice(0, -1));
      line = parts.at(-1)!;
    }
    lines.push(line);
  }
  return lines.map((line) => [{ ...span, text: line.trimEnd() }]);
}

/** The largest size, from `most` down to `least` in tenths, at which every line fits into `room`. */
export function fittingSize(
  lines: readonly Line[],
  room: number,
  { most, least }: { readonly most: number; readonly least: number },
  measure: Measure,
): number {
  const widest = Math.max(0, ...lines.map((line) => lineWidth(line, measure)));
  if (widest * most <= room) return most;
  return Math.max(least, Math.floor((10 * room) / widest) / 10);
}
