/** Tables of measured figures for docs/methods.md and README.md. */
import { SETS } from './figures.mjs';

const line = (cells) => `| ${cells.join(' | ')} |`;

/** A table in Markdown: names of the columns, rows of cells. */
export const table = (header, rows) =>
  [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');

/**
 * What is known of a method on a set at a scale (`x2`): what was measured with this program, else what the training
 * measured, with the published figure beside it; undefined where nothing is.
 */
export function entryAt(measured, manifest, set, key) {
  const own = measured[manifest.id]?.sets[set]?.[key];
  const exported = manifest.figures[set]?.[key];
  return own || exported ? { ...exported, ...own } : undefined;
}

const fixed = (value, digits, without) => value?.toFixed(digits) ?? without;

/** All that is known of a method, a row for each set and scale. */
function figuresOf(measured, manifest) {
  const rows = SETS.flatMap((set) => {
    const known = { ...manifest.figures[set], ...measured[manifest.id]?.sets[set] };
    const scales = Object.keys(known).sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)));
    return scales.map((scale) => {
      const { psnrY, ssimY, lpips, consistency, paperPsnrY } = entryAt(measured, manifest, set, scale);
      const made = [
        fixed(psnrY, 2),
        fixed(ssimY, 4),
        fixed(lpips, 4, 'not measured'),
        fixed(consistency, 2, ''),
      ];
      return [set, scale, ...made, fixed(paperPsnrY, 2, 'not stated')];
    });
  });
  return table(['set', 'scale', 'PSNR-Y', 'SSIM-Y', 'LPIPS', 'consistency', 'published PSNR-Y'], rows);
}

const FIGURES = /(## Figures\n\n)\|[\s\S]*?\n\nMade with (`[^`]+`)/;

/** Whether this program measured all that the training did. */
const isOwn = (measured, { id, figures }) =>
  SETS.every((set) => Object.keys(figures[set] ?? {}).every((scale) => measured[id]?.sets[set]?.[scale]));

/** A method's card, with the figures that this program measured in the place of those of its training. */
export function withFigures(card, measured, manifest) {
  if (!FIGURES.test(card)) throw new Error(`the card of ${manifest.id} has lost its figures`);
  const own = `\`enlarger evaluate --dataset Set5 --scale 2 --method ${manifest.id}\``;
  const made = (training) =>
    isOwn(measured, manifest)
      ? `Made with ${own}`
      : `Where a consistency is told, made with ${own}; else with ${training}`;
  return card.replace(
    FIGURES,
    (_, heading, training) => `${heading}${figuresOf(measured, manifest)}\n\n${made(training)}`,
  );
}
