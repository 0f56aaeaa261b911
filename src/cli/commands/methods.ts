import type { MethodCard } from '../../shared/contract';
import { paceText, usualPace } from '../../shared/pace';
import { EXIT, type ExitStatus } from '../exitStatus';
import { listMethods } from '../methodChoice';
import { layTable, type Column } from '../../shared/textTable';
import { Terminal } from '../terminal';
import { withEngine } from '../withEngine';

const COLUMNS: readonly Column[] = [
  { title: 'id', align: 'left' },
  { title: 'name', align: 'left' },
  { title: 'family', align: 'left' },
  { title: 'origin', align: 'left' },
  { title: 'scales', align: 'left' },
  { title: 'weights', align: 'right' },
  { title: 'Set5 x2', align: 'right' },
  { title: 'x3', align: 'right' },
  { title: 'x4', align: 'right' },
  { title: 's/MP', align: 'right' },
  { title: 'controls', align: 'left' },
  { title: 'licence', align: 'left' },
];
const NONE = '-';

function shownWeights(weights: number): string {
  if (weights === 0) return NONE;
  if (weights < 1000) return String(weights);
  return weights < 1e6 ? `${(weights / 1e3).toFixed(1)} k` : `${(weights / 1e6).toFixed(1)} M`;
}

const shownPace = (seconds: number | null): string => (seconds === null ? NONE : paceText(seconds));

const shownScales = (scales: MethodCard['scales']): string =>
  Array.isArray(scales) ? scales.map((scale) => `x${scale}`).join(' ') : `x${scales.min} to x${scales.max}`;

/** Each control with where it stands by itself: `crispness 0.5`. */
const shownControls = (controls: MethodCard['controls']): string =>
  controls.map((control) => `${control.id} ${control.default}`).join(', ') || NONE;

function row(card: MethodCard): string[] {
  const psnr = (scale: string): string => card.psnrY['Set5']?.[scale]?.toFixed(2) ?? NONE;
  return [
    card.id,
    card.name,
    card.family,
    card.origin,
    shownScales(card.scales),
    shownWeights(card.weights),
    psnr('x2'),
    psnr('x3'),
    psnr('x4'),
    shownPace(usualPace(card)),
    shownControls(card.controls),
    card.licence,
  ];
}

/** The part of a card that `methods --json` promises. */
export const methodJson = (card: MethodCard) => ({
  id: card.id,
  name: card.name,
  family: card.family,
  origin: card.origin,
  source: card.source,
  scales: card.scales,
  weights: card.weights,
  licence: card.licence,
  psnrY: card.psnrY,
  controls: card.controls,
});

export const methodLines = (cards: readonly MethodCard[]): string[] => layTable(COLUMNS, cards.map(row));

export async function methods(options: { readonly json?: boolean }): Promise<ExitStatus> {
  const terminal = new Terminal({ quiet: false, json: options.json ?? false });
  return withEngine(terminal, async (session) => {
    const cards = await listMethods(session);
    terminal.json(cards.map(methodJson));
    const [titles = '', ...lines] = methodLines(cards);
    terminal.result(terminal.styled('bold', titles));
    for (const line of lines) terminal.result(line);
    terminal.note(
      'Set5: PSNR-Y in dB as measured by this project; s/MP: seconds a megapixel of output on this machine, once measured; controls: what can be turned, and where it stands by itself.',
    );
    return EXIT.done;
  });
}
