import { rect, wholeOf } from '../../../shared/geometry';
import type { PaneKind } from './pane';

export interface SplitOptions {
  /** Left and right, or above and below. */
  readonly layers: readonly [number, number];
  /** Share of the canvas before the divider, 0 to 1: it stays where it is while the camera moves. */
  readonly divider: number;
  /** The line itself. */
  readonly direction: 'vertical' | 'horizontal';
}

/** Two layers of one pane, each on its own side of a divider that lies on whole device pixels. */
export const split: PaneKind<SplitOptions> = {
  arrange: ({ layers, divider, direction }, canvas) => {
    const share = Math.min(1, Math.max(0, divider));
    const { width, height } = canvas;
    const isVertical = direction === 'vertical';
    const at = Math.round(share * (isVertical ? width : height));
    const before = isVertical ? rect<'screen'>(0, 0, at, height) : rect<'screen'>(0, 0, width, at);
    const after = isVertical
      ? rect<'screen'>(at, 0, width - at, height)
      : rect<'screen'>(0, at, width, height - at);
    return [
      {
        rect: wholeOf<'screen'>(canvas),
        passes: [
          { kind: 'layer', layer: layers[0], clip: before },
          { kind: 'layer', layer: layers[1], clip: after },
        ],
      },
    ];
  },
};
