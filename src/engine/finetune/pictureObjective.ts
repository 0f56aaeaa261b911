import type { LossName } from '../../shared/contract';
import { LOSSES, type PictureLossName } from '../learning/losses/losses';
import type { Objective, Trainee } from './trainee';

/** Of methods that give pictures. */
export const PATCHES = { count: 8, side: 32 } as const;

const isOfPictures = (name: LossName): name is PictureLossName => name in LOSSES;

/** The enlargement itself beside the original. */
export function pictureObjective(graphAt: Trainee['graphAt'], name: LossName): Objective {
  if (!isOfPictures(name)) throw new RangeError(`expected a loss between pictures, received ${name}`);
  return {
    loss: LOSSES[name],
    graphAt,
    targetDims: (output) => output,
    targets: (_, { target }) => target,
  };
}
