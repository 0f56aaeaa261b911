import type { Layer } from '../../shared/contract';
import { makerKey, type MethodOptions, type MethodRef } from '../../shared/enlargement';
import type { Rect } from '../../shared/geometry';
import type { Quad } from './drawPlan';

/** What made the pixels on screen, whatever was chosen. */
export interface ShownMaker {
  readonly method: MethodRef;
  readonly options: MethodOptions;
  /** Below 100 % it is the photo itself that is shown. */
  readonly isPhoto: boolean;
}

/** Points a side at which it is looked what lies on top. */
const POINTS = 8;

const keyOf = (maker: ShownMaker): string => `${makerKey(maker)} ${maker.isPhoto}`;

export const isSameMaker = (a: ShownMaker | null, b: ShownMaker | null): boolean =>
  a === b || (a !== null && b !== null && keyOf(a) === keyOf(b));

/**
 * What made most of what is on top in a part of the canvas; of two that show as much, what is met first. null:
 * nothing of a photo is there. `quads` first to last.
 */
export function shownMaker(quads: readonly Quad<unknown>[], part: Rect<'screen'>): ShownMaker | null {
  const pointsOf = new Map<Layer, number>();
  const topFirst = [...quads].reverse();
  for (let row = 0; row < POINTS; row += 1) {
    const y = part.y + ((row + 0.5) * part.height) / POINTS;
    for (let column = 0; column < POINTS; column += 1) {
      const x = part.x + ((column + 0.5) * part.width) / POINTS;
      const top = topFirst.find(
        (quad) => x >= quad.left && x < quad.right && y >= quad.top && y < quad.bottom,
      );
      if (top) pointsOf.set(top.layer, (pointsOf.get(top.layer) ?? 0) + 1);
    }
  }
  // Layers of one maker, such as tiles of two zooms, count together.
  const counts = new Map<string, { maker: ShownMaker; points: number }>();
  for (const [{ enlargement }, points] of pointsOf) {
    const { method, options, scale } = enlargement;
    const maker: ShownMaker = { method, options, isPhoto: scale < 1 };
    const key = keyOf(maker);
    counts.set(key, { maker, points: (counts.get(key)?.points ?? 0) + points });
  }
  let most: { maker: ShownMaker; points: number } | null = null;
  for (const count of counts.values()) if (!most || count.points > most.points) most = count;
  return most?.maker ?? null;
}
