import * as v from 'valibot';
import type { Evaluation } from './contract/measuring';
import { FaultError } from './faults';
import { protocolSchema } from './protocols';

/**
 * Perception against distortion (Blau, Michaeli, "The perception-distortion tradeoff", 2018): methods by what an
 * evaluation found, PSNR of luma against LPIPS. This is what a plot of them is drawn from, on a sheet or alone.
 */

/** Panels, one a scale, and methods in each: as many as can be told apart. */
export const TRADEOFF_SCALES_MAX = 12;
const POINTS_MAX = 64;

const words = (most: number) => v.pipe(v.string(), v.maxLength(most));

const tradeoffPointSchema = v.object({
  /** Its id, as the evaluation has it. */
  method: words(100),
  /** What it is called where it is drawn; its id where this is absent. */
  name: v.optional(words(100)),
  /** Mean over the pictures, in dB. */
  psnrY: v.pipe(v.number(), v.finite()),
  /** Mean over the pictures; lower is nearer to the eye. */
  lpips: v.pipe(v.number(), v.finite()),
  /** Pictures. */
  n: v.pipe(v.number(), v.integer(), v.minValue(1)),
});
export type TradeoffPoint = v.InferOutput<typeof tradeoffPointSchema>;

export const tradeoffSchema = v.object({
  /** What was measured on: a name, and no place. */
  dataset: words(255),
  protocol: protocolSchema,
  scales: v.pipe(
    v.array(
      v.object({
        scale: v.number(),
        points: v.pipe(v.array(tradeoffPointSchema), v.minLength(1), v.maxLength(POINTS_MAX)),
      }),
    ),
    v.minLength(1),
    v.maxLength(TRADEOFF_SCALES_MAX),
  ),
});
export type Tradeoff = v.InferOutput<typeof tradeoffSchema>;

const lastName = (path: string): string =>
  path
    .split(/[/\\]/)
    .filter((part) => part !== '')
    .at(-1) ?? path;

/** What of an evaluation is plotted: scales and methods that have LPIPS. Undefined where nothing has. */
export function tradeoffOf({ dataset, protocol, scales }: Evaluation): Tradeoff | undefined {
  const panels = scales.flatMap(({ scale, results }) => {
    const points = results.flatMap(({ method, n, mean: { psnrY, lpips } }): TradeoffPoint[] =>
      typeof lpips === 'number' ? [{ method, psnrY, lpips, n }] : [],
    );
    return points.length > 0 ? [{ scale, points }] : [];
  });
  return panels.length > 0 ? { dataset: lastName(dataset), protocol, scales: panels } : undefined;
}

/** What a sheet plots of an evaluation; undefined where there is nothing to plot, or more than a sheet has. */
export function sheetTradeoff(evaluation: Evaluation): Tradeoff | undefined {
  const found = tradeoffOf(evaluation);
  return found && found.scales.length <= TRADEOFF_SCALES_MAX ? found : undefined;
}

/** The same of a file that was read; throws `bad-option` where a sheet cannot plot it. */
export function sheetTradeoffIn(evaluation: Evaluation, file: string): Tradeoff {
  const found = sheetTradeoff(evaluation);
  if (found) return found;
  throw new FaultError(
    'bad-option',
    `Expected an evaluation with LPIPS at 1 to ${TRADEOFF_SCALES_MAX} scales in ${file}, found none to plot; install LPIPS (enlarger import --metric lpips FILE) or take fewer scales, and evaluate again.`,
    { file },
  );
}

/** An axis that holds some values with room around them, and round numbers along it. */
export interface Axis {
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly number[];
  /** Of the ticks, behind the point. */
  readonly digits: number;
}

const ROUND = [1, 2, 5, 10] as const;
/** Of the values' span, on each side. */
const MARGIN = 0.1;

/** The axis of one or more finite values, with about so many ticks: multiples of 1, 2 or 5 times a power of ten. */
export function axisOf(values: readonly number[], ticks = 6): Axis {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const margin = (most - least) * MARGIN || Math.abs(most) * MARGIN || 1;
  const [from, to] = [least - margin, most + margin];
  const rough = (to - from) / ticks;
  const power = Math.floor(Math.log10(rough));
  // Whole numbers divided, so that a tick is the number nearest to what is printed.
  const round = ROUND.find((one) => one * 10 ** power >= rough) ?? 10;
  const at = (k: number): number => (power < 0 ? (k * round) / 10 ** -power : k * round * 10 ** power);
  const step = at(1);
  const [first, last] = [Math.ceil(from / step), Math.floor(to / step)];
  return {
    from,
    to,
    ticks: Array.from({ length: Math.max(0, last - first + 1) }, (_, k) => at(first + k)),
    digits: Math.max(0, -Math.floor(Math.log10(step) + 1e-9)),
  };
}
