import type { Manifest } from '../../shared/manifest';
import type { Method } from './method';
import { methodSum } from './methodSum';

/** What the method list says of a method with weights. */
export const cardOf = (manifest: Manifest, anyScale: boolean): Method['card'] => ({
  id: manifest.id,
  sum: methodSum(manifest),
  name: manifest.name,
  family: manifest.family,
  scales: anyScale ? { min: 1, max: 30 } : manifest.scales,
  weights: manifest.weights,
  licence: manifest.licence.weights,
  psnrY: Object.fromEntries(
    Object.entries(manifest.figures).map(([set, scales]) => [
      set,
      Object.fromEntries(Object.entries(scales).map(([scale, { psnrY }]) => [scale, psnrY])),
    ]),
  ),
  paper: manifest.paper,
  goodAt: manifest.goodAt,
  badAt: manifest.badAt,
  controls: manifest.controls,
  alwaysConsistent: false,
});
