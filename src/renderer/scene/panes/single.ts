import { wholeOf, type Rect } from '../../../shared/geometry';
import type { PaneKind } from './pane';

export interface SingleOptions {
  /** Which of what is compared; what flips in place changes this. */
  readonly layer: number;
  /** Parts of the photo that are shown by layers of their own, the last on top. */
  readonly parts?: readonly { readonly layer: number; readonly within: Rect<'source'> }[];
}

/** One layer over the whole canvas, and on it the parts that have their own. */
export const single: PaneKind<SingleOptions> = {
  arrange: ({ layer, parts = [] }, canvas) => {
    const clip = wholeOf<'screen'>(canvas);
    const own = parts.map((part) => ({
      kind: 'layer' as const,
      layer: part.layer,
      clip,
      within: part.within,
    }));
    return [{ rect: clip, passes: [{ kind: 'layer', layer, clip }, ...own] }];
  },
};
