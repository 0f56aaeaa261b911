import type { Rect } from '../../shared/geometry';
import type { Layout } from './panes/layout';

/** How a set is compared: the document's choice, and what of it is in front just now. */
export interface Comparison {
  readonly kind: 'single' | 'split' | 'grid' | 'flip' | 'difference' | 'loupe';
  readonly split: { readonly axis: 'vertical' | 'horizontal'; readonly at: number };
  readonly difference: { readonly gain: number; readonly signed: boolean };
  /** Places in the set; null: there are fewer than two. */
  readonly pair: readonly [number, number] | null;
  /** Place of the one that flipping shows, and that lies under the loupe. */
  readonly active: number;
}

/** What is laid out: layers by their place here, not in the set. */
export interface Arrangement<T> {
  readonly layers: readonly T[];
  readonly layout: Layout;
}

/** CSS pixels. */
const GRID_GAP = 2;
const LOUPE_SIDE = 168;
const LOUPE_GAP = 1;
const LOUPE_DISTANCE = 28;
/** Of the loupe to the edges of the canvas: its frame shows there, too. */
const LOUPE_MARGIN = 8;

/**
 * What a comparison lays out. `chosen` is shown where nothing is compared, `set` holds what is; `pixelRatio` is
 * device pixels a CSS pixel.
 */
export function layOut<T>(
  { kind, split, difference, pair, active }: Comparison,
  chosen: T,
  set: readonly T[],
  pixelRatio: number,
): Arrangement<T> {
  const single: Arrangement<T> = { layers: [chosen], layout: { kind: 'single', layer: 0 } };
  const px = (css: number): number => Math.max(1, Math.round(css * pixelRatio));
  const front = Math.min(set.length - 1, Math.max(0, active));
  if (set.length < 2 || pair === null) return single;
  const two = [set[pair[0]]!, set[pair[1]]!];
  switch (kind) {
    case 'single':
      return single;
    case 'split':
      return {
        layers: two,
        layout: { kind: 'split', layers: [0, 1], divider: split.at, direction: split.axis },
      };
    case 'difference':
      return {
        layers: two,
        layout: {
          kind: 'difference',
          layers: [0, 1],
          gain: difference.gain,
          isSigned: difference.signed,
        },
      };
    case 'grid':
      return { layers: set, layout: { kind: 'grid', gap: px(GRID_GAP) } };
    case 'flip':
      return { layers: set, layout: { kind: 'single', layer: front } };
    case 'loupe':
      return {
        layers: set,
        layout: {
          kind: 'loupe',
          layer: front,
          side: px(LOUPE_SIDE),
          gap: px(LOUPE_GAP),
          distance: px(LOUPE_DISTANCE),
          margin: px(LOUPE_MARGIN),
        },
      };
  }
}

/**
 * The same with the original wherever a layer was, for as long as a key is held: nothing moves, and what was
 * shown before stays wanted behind it. A difference of the original to itself would show nothing, so that
 * becomes the original alone.
 */
export const withOriginal = <T>({ layers, layout }: Arrangement<T>, original: T): Arrangement<T> => ({
  layers: [...layers.map(() => original), ...layers],
  layout: layout.kind === 'difference' ? { kind: 'single', layer: 0 } : layout,
});

/** The same with parts of the photo shown by requests of their own; only where one layer is shown alone. */
export function withParts<T>(
  { layers, layout }: Arrangement<T>,
  parts: readonly { readonly request: T; readonly within: Rect<'source'> }[],
): Arrangement<T> {
  if (layout.kind !== 'single' || parts.length === 0) return { layers, layout };
  const placed = parts.map(({ within }, index) => ({ layer: layers.length + index, within }));
  return {
    layers: [...layers, ...parts.map(({ request }) => request)],
    layout: { kind: 'single', layer: layout.layer, parts: placed },
  };
}
