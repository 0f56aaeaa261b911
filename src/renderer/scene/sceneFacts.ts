import type { Fault, FaultCode } from '../../shared/faults';
import { inventedStrength, type MeasuredTile } from './inventedStrength';
import type { TileStore } from './tileStore';
import type { PaneLayer } from './wantedLayers';

/** What is true of one layer now. */
export interface LayerFacts {
  readonly done: number;
  readonly total: number;
  readonly hasFailed: boolean;
}

/** What is true of the scene now. */
export interface SceneFacts {
  /** Tiles on screen that are final, of how many. */
  readonly done: number;
  readonly total: number;
  /** How strong the invented part of what is on screen is (`inventedStrength`); null: not known, or not shown. */
  readonly invented: number | null;
  /** The same of each layer of the content, by its place. */
  readonly layers: readonly LayerFacts[];
  /** Why what is wanted cannot be shown; lasts until it can, or something else is wanted. */
  readonly fault: Fault | null;
}

/** Faults of something that is over or being mended: told elsewhere, or not worth a word. */
const PASSING: ReadonlySet<FaultCode> = new Set(['engine-lost', 'stopped', 'unknown-photo']);

/** Once all that is on screen has come: a mean of some tiles would jump with each that follows. */
function strengthOf(wanted: readonly PaneLayer[], store: Pick<TileStore<unknown>, 'here'>): number | null {
  const [first, second] = wanted.filter(({ isHidden }) => !isHidden);
  if (!first || second || first.layer.shows !== 'invented') return null;
  const tiles: MeasuredTile[] = [];
  for (const rect of first.tiles.visible) {
    const squares = store.here(first.key, rect)?.squares;
    if (squares === undefined) return null;
    tiles.push({ rect, squares });
  }
  return first.tiles.area && inventedStrength(tiles, first.tiles.area);
}

/** What is true now of what the panes want; `count`: of the content's layers. */
export function factsOf(
  wanted: readonly PaneLayer[],
  count: number,
  store: Pick<TileStore<unknown>, 'here' | 'faultOf'>,
): SceneFacts {
  let done = 0;
  let total = 0;
  let fault: Fault | null = null;
  const layers = Array.from({ length: count }, () => ({ done: 0, total: 0, hasFailed: false }));
  for (const { key, tiles, place, isHidden } of wanted) {
    const here = tiles.visible.filter((tile) => store.here(key, tile)).length;
    const own = store.faultOf(key);
    const facts = layers[place];
    if (facts) {
      facts.total += tiles.visible.length;
      facts.done += here;
      facts.hasFailed ||= own !== null;
    }
    if (isHidden) continue;
    total += tiles.visible.length;
    done += here;
    if (own && !PASSING.has(own.code)) fault ??= own;
  }
  return { done, total, invented: strengthOf(wanted, store), layers, fault };
}
