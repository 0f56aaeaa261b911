import type { Layer, TileRect } from '../../shared/contract';
import type { Size } from '../../shared/geometry';
import { toScreen, type Camera } from './camera';
import type { ScreenPoint } from './coordinates';
import { tileKey } from './tileGrid';

/**
 * What is asked for first, and what is let go of last: what is on screen, what may be there next, what was
 * there before.
 */
export const TIERS = ['visible', 'prefetched', 'recent'] as const;
export type Tier = (typeof TIERS)[number];

/**
 * Why a tile is asked for, the most urgent first: all that is quick and on screen (stand-ins, and tiles of
 * methods that need none), the overview of the photo, what slow methods make of what is on screen, what is kept
 * ready behind what is on screen, and what lies just outside.
 */
const REASONS = ['quick', 'overview', 'slow', 'ready', 'around'] as const;
export type Reason = (typeof REASONS)[number];

const RANK_OF = Object.fromEntries(REASONS.map((reason, rank) => [reason, rank])) as Record<Reason, number>;

const TIER_OF: Readonly<Record<Reason, Tier>> = {
  quick: 'visible',
  overview: 'visible',
  slow: 'visible',
  ready: 'prefetched',
  around: 'prefetched',
};

/** A tile that a pane has use for. */
export interface Candidate {
  readonly layer: Layer;
  /** Of the layer (`layerKey`). */
  readonly key: string;
  readonly tile: TileRect;
  readonly reason: Reason;
  /** Device pixels from the cursor to the tile's middle, or from the middle of the pane. */
  readonly distance: number;
}

/** A tile in the one order of the page. */
export interface OrderedTile extends Candidate {
  readonly tier: Tier;
}

/**
 * All panes' tiles in one order: by reason, then nearest the cursor, whatever layer or pane they are of; ties
 * stay as they came. A tile that several panes want stands once, where it is most urgent.
 */
export function byUrgency(candidates: readonly Candidate[]): OrderedTile[] {
  const sorted = [...candidates].sort(
    (a, b) => RANK_OF[a.reason] - RANK_OF[b.reason] || a.distance - b.distance,
  );
  const known = new Set<string>();
  const order: OrderedTile[] = [];
  for (const candidate of sorted) {
    const key = `${candidate.key} ${tileKey(candidate.tile)}`;
    if (known.has(key)) continue;
    known.add(key);
    order.push({ ...candidate, tier: TIER_OF[candidate.reason] });
  }
  return order;
}

/** Where a pane looks, and from where its tiles' distances are counted. */
export interface Focus {
  readonly camera: Camera;
  readonly viewport: Size;
  /** Counted from the pane's corner; null: the middle of the pane. */
  readonly cursor: ScreenPoint | null;
}

/** Device pixels from the cursor (or the pane's middle) to the middle of a tile at `scale`. */
export function distanceTo(tile: TileRect, scale: number, { camera, viewport, cursor }: Focus): number {
  const middle = toScreen(camera, viewport, {
    x: (tile.x + tile.width / 2) / scale,
    y: (tile.y + tile.height / 2) / scale,
  });
  const from = cursor ?? { x: viewport.width / 2, y: viewport.height / 2 };
  return Math.hypot(middle.x - from.x, middle.y - from.y);
}
