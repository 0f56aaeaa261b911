import type { Size } from './geometry';

interface Place {
  readonly x: number;
  readonly y: number;
}
type Area = Place & Size;

/** How much two rectangles have in common. */
function common(a: Area, b: Area): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width > 0 && height > 0 ? width * height : 0;
}

/** How far a point lies from a rectangle. */
const distance = ({ x, y }: Place, area: Area): number =>
  Math.hypot(
    Math.max(0, area.x - x, x - area.x - area.width),
    Math.max(0, area.y - y, y - area.y - area.height),
  );

/** What a label costs that is nearer another point than its own, of its area: it would be taken for that one's. */
const MISTAKEN = 0.2;
/** What an area outside costs, of what as much of another label would. */
const OUTSIDE = 100;
/** Of a label's area: what rounding alone makes, covers nothing. */
const ROUNDING = 1e-9;

/** Steps up and down at which a label is tried, in its height: the nearest first. */
const STEPS = [0, -0.75, 0.75, -1.5, 1.5, -2.25, 2.25, -3, 3] as const;

/** Where a label may stand beside a point: right, left, above and below it, then further off. */
function candidates({ x, y }: Place, { width, height }: Size, away: number): Area[] {
  const beside = STEPS.flatMap((step) => {
    const top = y - height / 2 + step * height;
    return [
      { x: x + away, y: top, width, height },
      { x: x - away - width, y: top, width, height },
    ];
  });
  const over = [y - away - height, y + away].map((top) => ({ x: x - width / 2, y: top, width, height }));
  return [...beside.slice(0, 2), ...over, ...beside.slice(2)];
}

/**
 * Where the labels of points stand (their upper left): beside their points, inside `bounds`, and, as long as there is
 * room, on no other label and no point, and nearer its own point than any other. The first place that is free is taken, else the one that covers least; a
 * function of its arguments alone, in the points' order from the top.
 *
 * @param away  From a point's middle to its label; half of it is taken as the point's radius.
 */
export function placeLabels(
  points: readonly Place[],
  labels: readonly Size[],
  bounds: Area,
  away: number,
): Place[] {
  const discs = points.map(({ x, y }): Area => ({
    x: x - away / 2,
    y: y - away / 2,
    width: away,
    height: away,
  }));
  const taken: Area[] = [];
  const found: Place[] = points.map(() => ({ x: 0, y: 0 }));
  const order = points.map((_, k) => k).sort((a, b) => points[a]!.y - points[b]!.y || a - b);
  for (const k of order) {
    const own = points[k]!;
    const covered = (area: Area): number => {
      const whole = area.width * area.height;
      const outside = whole - common(area, bounds);
      const away = distance(own, area) - ROUNDING;
      const isMistaken = points.some((other) => other !== own && distance(other, area) < away);
      const sum = [...taken, ...discs].reduce(
        (all, other) => all + common(area, other),
        OUTSIDE * outside + (isMistaken ? MISTAKEN * whole : 0),
      );
      return sum > ROUNDING * whole ? sum : 0;
    };
    const [first, ...others] = candidates(own, labels[k]!, away);
    const best = others.reduce(
      (least, area) => {
        const cost = least.cost === 0 ? 0 : covered(area);
        return cost < least.cost ? { area, cost } : least;
      },
      { area: first!, cost: covered(first!) },
    ).area;
    taken.push(best);
    found[k] = { x: best.x, y: best.y };
  }
  return found;
}
