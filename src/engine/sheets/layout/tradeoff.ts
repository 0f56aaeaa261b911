import { placeLabels } from '../../../shared/pointLabels';
import type { SheetTheme } from '../../../shared/sheet';
import { axisOf, type Axis, type Tradeoff } from '../../../shared/tradeoff';
import { shownScale } from '../caption';
import type { Box, Item } from '../drawing';
import {
  lineHeight,
  mm,
  moved,
  points,
  setLines,
  stacked,
  TYPE,
  wholeMm,
  type Page,
  type Part,
} from './page';

/** Millimetres. */
const NARROWEST = 46;
const WIDEST = 84;
const BETWEEN = 3;
const BEFORE_TICK = 0.8;
const RADIUS = 0.75;
/** Of a panel's width. */
const HEIGHT = 0.62;
/** Points. */
const LABEL = 6.5;
const TICK = 5.5;
const HAIR = 0.35;

/** Points of a plot and the lines behind them: told from the ground of each theme. */
const PLOT_INKS: Readonly<Record<SheetTheme, { readonly point: string; readonly line: string }>> = {
  light: { point: '#0072b2', line: '#d4d4d4' },
  dark: { point: '#56b4e9', line: '#4a4a4a' },
  transparent: { point: '#0072b2', line: '#bbbbbb' },
};

type Panel = Tradeoff['scales'][number];

/** Perception against distortion as a part of a sheet: a panel a scale, beside each other as many as fit. */
export function tradeoffPart(page: Page, { dataset, scales }: Tradeoff, theme: SheetTheme): Part {
  const gap = wholeMm(page, BETWEEN);
  const most = Math.max(1, Math.floor((page.width + gap) / (mm(page, NARROWEST) + gap)));
  // Lines of panels as long as each other.
  const columns = Math.ceil(scales.length / Math.ceil(scales.length / most));
  const width = Math.floor(Math.min(mm(page, WIDEST), (page.width - (columns - 1) * gap) / columns));
  const lines: Part[] = [];
  for (let from = 0; from < scales.length; from += columns) {
    const some = scales.slice(from, from + columns);
    const left = Math.round((page.width - some.length * width - (some.length - 1) * gap) / 2);
    const parts = some.map((one) => panelPart(page, one, dataset, theme, width));
    lines.push({
      items: parts.flatMap(({ items }, k) => moved(items, left + k * (width + gap), 0)),
      height: Math.max(...parts.map(({ height }) => height)),
    });
  }
  return stacked(lines, gap);
}

/** What is nearer the truth lies further right, what is nearer to the eye higher up. */
function panelPart(
  page: Page,
  { scale, points: found }: Panel,
  dataset: string,
  theme: SheetTheme,
  width: number,
): Part {
  const inks = PLOT_INKS[theme];
  const across = axisOf(found.map(({ psnrY }) => psnrY));
  const down = axisOf(found.map(({ lpips }) => lpips));
  const tickWidth = ({ ticks, digits }: Axis): number =>
    Math.max(0, ...ticks.map((tick) => page.measure(tick.toFixed(digits), 'regular'))) * points(page, TICK);
  const before = wholeMm(page, BEFORE_TICK);
  const left = Math.ceil(tickWidth(down)) + before;
  const top = Math.ceil(lineHeight(page, TYPE.name) + lineHeight(page, TICK) + before);
  const plot = { x: left, y: top, width: width - left, height: Math.round(width * HEIGHT) };
  const x = (value: number): number =>
    plot.x + (plot.width * (value - across.from)) / (across.to - across.from);
  const y = (value: number): number => plot.y + (plot.height * (value - down.from)) / (down.to - down.from);
  const hair = Math.max(1, Math.round(points(page, HAIR)));
  const bottom = plot.y + plot.height;
  const middle = plot.x + plot.width / 2;
  const muted = (text: string) => [{ text, muted: true }];
  const tickTop = bottom + before;
  const line = (area: Pick<Box, 'x' | 'y' | 'width' | 'height'>): Box => ({
    kind: 'box',
    ...area,
    fill: inks.line,
  });
  const column = (tick: number): Box =>
    line({ x: Math.round(x(tick)), y: plot.y, width: hair, height: plot.height });
  const row = (tick: number): Box =>
    line({ x: plot.x, y: Math.round(y(tick)), width: plot.width, height: hair });
  const items: Item[] = [
    ...setLines(page, [[{ text: `${dataset} ${shownScale(scale)}`, weight: 'bold' }]], {
      x: middle,
      top: 0,
      size: TYPE.name,
      anchor: 'middle',
    }),
    ...setLines(page, [muted('LPIPS, better upwards')], {
      x: 0,
      top: lineHeight(page, TYPE.name),
      size: TICK,
      anchor: 'start',
    }),
    ...across.ticks.map(column),
    ...down.ticks.map(row),
    { kind: 'box', ...plot, line: { colour: page.inks.muted, dots: hair } },
    ...across.ticks.flatMap((tick) =>
      setLines(page, [muted(tick.toFixed(across.digits))], {
        x: x(tick),
        top: tickTop,
        size: TICK,
        anchor: 'middle',
      }),
    ),
    ...down.ticks.flatMap((tick) => {
      const text = tick.toFixed(down.digits);
      return setLines(page, [muted(text)], {
        x: plot.x - before - page.measure(text, 'regular') * points(page, TICK),
        top: y(tick) - lineHeight(page, TICK) / 2,
        size: TICK,
        anchor: 'start',
      });
    }),
    ...setLines(page, [muted('PSNR-Y in dB, better to the right')], {
      x: middle,
      top: tickTop + lineHeight(page, TICK),
      size: TICK,
      anchor: 'middle',
    }),
  ];
  const radius = mm(page, RADIUS);
  const places = found.map(({ psnrY, lpips }) => ({ x: x(psnrY), y: y(lpips) }));
  const names = found.map(({ name, method }) => name ?? method);
  const labels = placeLabels(
    places,
    names.map((name) => ({
      width: page.measure(name, 'regular') * points(page, LABEL),
      height: lineHeight(page, LABEL),
    })),
    plot,
    2 * radius,
  );
  items.push(
    ...places.map((place): Item => ({ kind: 'disc', ...place, radius, fill: inks.point })),
    ...labels.flatMap((label, k) =>
      setLines(page, [[{ text: names[k]! }]], { x: label.x, top: label.y, size: LABEL, anchor: 'start' }),
    ),
  );
  return { items, height: Math.ceil(tickTop + 2 * lineHeight(page, TICK)) };
}
