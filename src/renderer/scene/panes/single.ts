import { wholeOf } from '../../../shared/geometry';
import type { PaneKind } from './pane';

export interface SingleOptions {
  /** Which of what is compared; what flips in place changes this. */
  readonly layer: number;
}

/** One layer over the whole canvas. */
export const single: PaneKind<SingleOptions> = {
  arrange: ({ layer }, canvas) => {
    const rect = wholeOf<'screen'>(canvas);
    return [{ rect, passes: [{ kind: 'layer', layer, clip: rect }] }];
  },
};
