import type { Layer, TileRect } from '../../shared/contract';
import type { Fault, FaultCode } from '../../shared/faults';
import { inventedStrength, type MeasuredTile } from './inventedStrength';
import type { TileStore } from './tileStore';
import type { TileWork } from './tileWork';
import type { LayerReach } from './viewProgress';
import type { PaneLayer } from './wantedLayers';

/** What is true of one layer now. */
export interface LayerFacts {
  readonly done: number;
  readonly total: number;
  readonly hasFailed: boolean;
}

/** A layer on screen, and how far it is. */
export interface LayerWork extends LayerReach {
  readonly enlargement: Layer['enlargement'];
  /** Its tiles take their time. */
  readonly isSlow: boolean;
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
  /** How far what is on screen is, tiles that are being made included, as it was at `heardAt` milliseconds. */
  readonly work: { readonly layers: readonly LayerWork[]; readonly heardAt: number };
}

export const NO_FACTS: SceneFacts = {
  done: 0,
  total: 0,
  invented: null,
  layers: [],
  fault: null,
  work: { layers: [], heardAt: 0 },
};

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

const pixelsOf = (tiles: readonly TileRect[]): number =>
  tiles.reduce((sum, { width, height }) => sum + width * height, 0);

/** What is true now of what the panes want; `count`: of the content's layers. */
export function factsOf(
  wanted: readonly PaneLayer[],
  count: number,
  store: Pick<TileStore<unknown>, 'here' | 'faultOf'>,
  work: Pick<TileWork, 'all' | 'paceOf' | 'heardAt'>,
): SceneFacts {
  const inWork = work.all();
  const works: LayerWork[] = [];
  let done = 0;
  let total = 0;
  let fault: Fault | null = null;
  const layers = Array.from({ length: count }, () => ({ done: 0, total: 0, hasFailed: false }));
  for (const { key, layer, tiles, place, isHidden, isSlow } of wanted) {
    const come = tiles.visible.filter((tile) => store.here(key, tile));
    const here = come.length;
    const own = store.faultOf(layer);
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
    works.push({
      enlargement: layer.enlargement,
      isSlow,
      pixels: pixelsOf(tiles.visible),
      donePixels: pixelsOf(come),
      inWork: inWork.filter((tile) => tile.key === key),
      pace: isSlow ? work.paceOf(layer) : 0,
    });
  }
  const { heardAt } = work;
  return {
    done,
    total,
    invented: strengthOf(wanted, store),
    layers,
    fault,
    work: { layers: works, heardAt },
  };
}
