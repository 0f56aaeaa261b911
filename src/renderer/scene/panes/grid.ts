import { rect, type Size } from '../../../shared/geometry';
import type { Pane, PaneKind } from './pane';

export interface GridOptions {
  /** Between panes, device pixels. */
  readonly gap: number;
}

/** Width to height of a pane that suits photos of either orientation, rather wide. */
const PANE_SHAPE = 4 / 3;

/** Columns and rows for so many panes: those whose panes have the best shape, with few places left empty. */
export function gridShape(panes: number, { width, height }: Size): { columns: number; rows: number } {
  let best = { columns: 1, rows: panes };
  let bestCost = Infinity;
  for (let columns = 1; columns <= panes; columns += 1) {
    const rows = Math.ceil(panes / columns);
    const shape = Math.abs(Math.log(width / columns / (height / rows) / PANE_SHAPE));
    const cost = shape + (columns * rows - panes) / panes;
    if (cost < bestCost) [best, bestCost] = [{ columns, rows }, cost];
  }
  return best;
}

/**
 * Every layer in a pane of its own. All panes have exactly one size, so that the same pixel of the photo lies
 * at the same place of each; what the canvas has left over stays free at its far edges.
 */
export const grid: PaneKind<GridOptions> = {
  arrange: ({ gap }, canvas, layers) => {
    const { columns, rows } = gridShape(layers, canvas);
    const width = Math.max(1, Math.floor((canvas.width - gap * (columns - 1)) / columns));
    const height = Math.max(1, Math.floor((canvas.height - gap * (rows - 1)) / rows));
    return Array.from({ length: layers }, (_, layer): Pane => {
      const column = layer % columns;
      const row = Math.floor(layer / columns);
      const own = rect<'screen'>(column * (width + gap), row * (height + gap), width, height);
      return { rect: own, passes: [{ kind: 'layer', layer, clip: own }] };
    });
  },
};
