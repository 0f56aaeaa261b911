import { placed, underlineOf, type Box, type Disc, type Drawing } from '../drawing';
import type { Fonts } from '../fonts';

const number = (value: number): string => String(Math.round(value * 1000) / 1000);

/** A box as an SVG element; its line lies inside it. */
export function boxElement({ x, y, width, height, fill, line }: Box): string {
  const half = (line?.dots ?? 0) / 2;
  const place = `x="${number(x + half)}" y="${number(y + half)}" width="${number(width - 2 * half)}" height="${number(height - 2 * half)}"`;
  const stroke = line ? ` stroke="${line.colour}" stroke-width="${number(line.dots)}"` : '';
  return `<rect ${place} fill="${fill ?? 'none'}"${stroke}/>`;
}

export const discElement = ({ x, y, radius, fill }: Disc): string =>
  `<circle cx="${number(x)}" cy="${number(y)}" r="${number(radius)}" fill="${fill}"/>`;

/** Boxes, discs and letters of a drawing, letters as outlines: an SVG in dots, to lie over its pictures. */
export function overlaySvg(drawing: Drawing, fonts: Fonts): string {
  const parts = drawing.items.flatMap((item) => {
    if (item.kind === 'box') return [boxElement(item)];
    if (item.kind === 'disc') return [discElement(item)];
    if (item.kind === 'picture') return [];
    return placed(item, fonts.measure).flatMap((span) => {
      const { path } = fonts.outline(span.text, span.weight);
      const place = `transform="translate(${number(span.x)} ${number(span.baseline)}) scale(${number(span.size)})"`;
      const letters = path === '' ? [] : [`<path ${place} d="${path}" fill="${span.colour}"/>`];
      return span.underlined ? [...letters, boxElement(underlineOf(span))] : letters;
    });
  });
  const { width, height } = drawing;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${parts.join('')}</svg>`;
}
