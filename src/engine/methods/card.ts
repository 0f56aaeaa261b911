import { learnsAt } from '../../shared/learnable';
import type { Manifest } from '../../shared/manifest';
import type { Method } from './method';
import { methodSum } from './methodSum';

type Figures = Manifest['figures'];

/** One of a method's figures by set and scale, where it was measured. */
const measured = (
  { figures }: { readonly figures: Figures },
  of: (figure: Figures[string][string]) => number | undefined,
): Record<string, Record<string, number>> =>
  Object.fromEntries(
    Object.entries(figures).map(([set, scales]) => [
      set,
      Object.fromEntries(
        Object.entries(scales).flatMap(([scale, figure]) => {
          const value = of(figure);
          return value === undefined ? [] : [[scale, value]];
        }),
      ),
    ]),
  );

/** What the method list says of a method with weights. */
export const cardOf = (manifest: Manifest, anyScale: boolean): Method['card'] => ({
  id: manifest.id,
  sum: methodSum(manifest),
  name: manifest.name,
  family: manifest.family,
  scales: anyScale ? { min: 1, max: 30 } : manifest.scales,
  weights: manifest.weights,
  licence: manifest.licence.weights,
  psnrY: measured(manifest, ({ psnrY }) => psnrY),
  lpips: measured(manifest, ({ lpips }) => lpips),
  paper: manifest.paper,
  goodAt: manifest.goodAt,
  badAt: manifest.badAt,
  controls: manifest.controls,
  learns: learnsAt(manifest),
  alwaysConsistent: false,
});
