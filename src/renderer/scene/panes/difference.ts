import { wholeOf } from '../../../shared/geometry';
import type { PaneKind } from './pane';

export interface DifferenceOptions {
  /** The second less the first. */
  readonly layers: readonly [number, number];
  /** 1 or more. */
  readonly gain: number;
  readonly isSigned: boolean;
}

/** How two layers differ, over the whole canvas. */
export const difference: PaneKind<DifferenceOptions> = {
  arrange: ({ layers, gain, isSigned }, canvas) => {
    const clip = wholeOf<'screen'>(canvas);
    return [{ rect: clip, passes: [{ kind: 'difference', layers, clip, gain, isSigned }] }];
  },
};
