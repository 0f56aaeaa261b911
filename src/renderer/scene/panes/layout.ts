import type { Size } from '../../../shared/geometry';
import { middleOf, type ScreenPoint } from '../coordinates';
import { difference } from './difference';
import { grid } from './grid';
import { loupe } from './loupe';
import type { Pane, PaneKind } from './pane';
import { single } from './single';
import { split } from './split';

/** Every way to lay out panes: a file that says how, and a line here. */
const KINDS = { single, split, grid, difference, loupe };

type Kinds = typeof KINDS;
type OptionsOf<K> = K extends PaneKind<infer Options> ? Options : never;

/** A kind and its options. */
export type Layout = { [K in keyof Kinds]: { readonly kind: K } & OptionsOf<Kinds[K]> }[keyof Kinds];

/**
 * The panes of a canvas, device pixels; `layers` is how many are compared, 1 or more. Without a `cursor` what
 * follows it is at the middle.
 */
export function arrange(
  layout: Layout,
  canvas: Size,
  layers: number,
  cursor: ScreenPoint | null = null,
): Pane[] {
  const kind: PaneKind<never> = KINDS[layout.kind];
  return kind.arrange(layout as never, canvas, layers, cursor ?? middleOf(canvas));
}
