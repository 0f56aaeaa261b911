import type { LossName } from '../../../shared/contract';
import { charbonnier } from './charbonnier';
import { frequency } from './frequency';
import { l1 } from './l1';
import { l2 } from './l2';
import type { Loss } from './loss';
import { ssimMix } from './ssim';

/** Of the losses that can be chosen those between pictures. */
export type PictureLossName = Exclude<LossName, 'cross-entropy'>;

/** Losses between pictures, by the name that is typed. */
export const LOSSES = { l1, l2, charbonnier, ssim: ssimMix, frequency } as const satisfies Record<
  PictureLossName,
  Loss
>;
