import type { LossName } from '../../../shared/contract';
import { charbonnier } from './charbonnier';
import { frequency } from './frequency';
import { l1 } from './l1';
import { l2 } from './l2';
import type { Loss } from './loss';
import { ssimMix } from './ssim';

/** Losses between pictures that can be chosen, by the name that is typed. */
export const LOSSES = { l1, l2, charbonnier, ssim: ssimMix, frequency } as const satisfies Record<
  LossName,
  Loss
>;
