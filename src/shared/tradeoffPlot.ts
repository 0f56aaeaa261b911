import type { Evaluation } from './contract';
import { protocolLine } from './evaluationTables';
import { placeLabels } from './pointLabels';
import { axisOf, tradeoffOf, type TradeoffPoint } from './tradeoff';

/** A panel's drawing area in SVG units, and the room around it. */
const PANEL = { width: 300, height: 240, left: 56, right: 20, top: 34, bottom: 46 } as const;
const RADIUS = 3.5;
const LABEL_HEIGHT = 12;
/** Of a label's height that lies above its baseline. */
const ASCENT = 9;
/** What a letter takes of a line's width at most, on average: which letters a viewer has is not known here. */
const LETTER = 5.6;
/** Height of the lines under the panels. */
const NOTE_LINE = 13;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** A text in lines of at most so many letters, parted between words. */
function wrapped(text: string, letters: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= letters)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function panel(scale: number, points: readonly TradeoffPoint[], at: number): string[] {
  const { width, height, left, top } = PANEL;
  const across = axisOf(points.map(({ psnrY }) => psnrY));
  const down = axisOf(points.map(({ lpips }) => lpips));
  const x = (value: number): number =>
    at + left + (width * (value - across.from)) / (across.to - across.from);
  const y = (value: number): number => top + (height * (value - down.from)) / (down.to - down.from);
  const n = (value: number): string => value.toFixed(1);
  const text = (px: number, py: number, anchor: string, words: string, more = ''): string =>
    `<text x="${n(px)}" y="${n(py)}" text-anchor="${anchor}"${more}>${escaped(words)}</text>`;
  const ticks = [
    ...across.ticks.flatMap((psnr) => [
      `<path d="M${n(x(psnr))} ${top}v${height}" stroke="#ddd" fill="none"/>`,
      text(x(psnr), top + height + 14, 'middle', psnr.toFixed(across.digits)),
    ]),
    ...down.ticks.flatMap((lpips) => [
      `<path d="M${n(at + left)} ${n(y(lpips))}h${width}" stroke="#ddd" fill="none"/>`,
      text(at + left - 6, y(lpips) + 4, 'end', lpips.toFixed(down.digits)),
    ]),
  ];
  const places = points.map(({ psnrY, lpips }) => ({ x: x(psnrY), y: y(lpips) }));
  const labels = placeLabels(
    places,
    points.map(({ method }) => ({ width: method.length * LETTER, height: LABEL_HEIGHT })),
    { x: at + left, y: top, width, height },
    2 * RADIUS,
  );
  return [
    ...ticks,
    `<rect x="${at + left}" y="${top}" width="${width}" height="${height}" fill="none" stroke="#888"/>`,
    text(at + left + width / 2, top - 12, 'middle', `x${scale}`, ' font-weight="bold"'),
    text(
      at + left + width / 2,
      top + height + 32,
      'middle',
      'PSNR-Y in dB (further right is nearer the truth)',
    ),
    `<text transform="translate(${at + 12} ${top + height / 2}) rotate(-90)" text-anchor="middle">LPIPS (higher up is nearer to the eye)</text>`,
    ...points.flatMap(({ method, psnrY, lpips }, k) => [
      `<circle cx="${n(x(psnrY))}" cy="${n(y(lpips))}" r="${RADIUS}" fill="#0b62c4"><title>${escaped(method)}: ${psnrY.toFixed(2)} dB, LPIPS ${lpips.toFixed(4)}</title></circle>`,
      text(labels[k]!.x, labels[k]!.y + ASCENT, 'start', method),
    ]),
  ];
}

/**
 * Perception against distortion (Blau, Michaeli, 2018): the methods of an evaluation by PSNR-Y and LPIPS, a panel a
 * scale, as an SVG with real text; the best corner is the upper right. Undefined where no method has LPIPS.
 */
export function tradeoffPlot(evaluation: Evaluation): string | undefined {
  const tradeoff = tradeoffOf(evaluation);
  if (!tradeoff) return undefined;
  const panels = tradeoff.scales;
  const each = PANEL.left + PANEL.width + PANEL.right;
  const width = each * panels.length;
  const notes = wrapped(
    `${evaluation.dataset}. ${protocolLine(evaluation)}; LPIPS v0.1, AlexNet.`,
    Math.floor((width - 16) / LETTER),
  );
  const height = PANEL.top + PANEL.height + PANEL.bottom + 12 + NOTE_LINE * notes.length;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="10">`,
    `<title>${escaped(evaluation.dataset)}: perception against distortion</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...panels.flatMap(({ scale, points }, k) => panel(scale, points, k * each)),
    ...notes.map(
      (line, k) =>
        `<text x="8" y="${height - 8 - NOTE_LINE * (notes.length - 1 - k)}" fill="#555">${escaped(line)}</text>`,
    ),
    '</svg>',
    '',
  ].join('\n');
}
