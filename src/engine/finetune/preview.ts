import type { TrainingPreview } from '../../shared/contract';
import { raster, type Raster } from '../kernels/raster';
import { screenPixels } from '../pixels/finish';
import { GREY_GAIN, lumaOf } from '../pixels/luma';
import { wholeBatch } from './batch';
import { enlargedBatch } from './enlargedBatch';
import type { Pair } from './pairs';
import type { Trainer } from './trainer';

/** What the weights make of a pair, in colours: a network of luma leaves these to the bicubic. */
async function enlargedBy(trainer: Trainer, pair: Pair, weights: Float32Array): Promise<Raster> {
  const { channels } = trainer.trainee;
  const side = pair.side * pair.scale;
  const { data } = await trainer.enlarge(pair.scale, wholeBatch(pair, channels).input, weights);
  if (channels === 3) return raster(side, side, 3, data);
  const colours = enlargedBatch(wholeBatch(pair, 3).input, pair.scale, 'bicubic').data;
  const bicubic = lumaOf(raster(side, side, 3, colours)).data;
  return raster(
    side,
    side,
    3,
    colours.map((value, k) => value + GREY_GAIN * (data[k % bicubic.length]! - bicubic[k % bicubic.length]!)),
  );
}

/** A square of the photos kept aside, before training and with the weights. */
export async function trainingPreview(
  trainer: Trainer,
  pairs: readonly Pair[],
  square: number,
  weights: Float32Array,
): Promise<TrainingPreview> {
  const pair = pairs[square % pairs.length]!;
  const side = pair.side * pair.scale;
  const original = raster(side, side, 3, wholeBatch(pair, 3).target.data);
  return {
    squares: pairs.length,
    photo: pair.photo,
    side,
    original: screenPixels(original, null),
    before: screenPixels(await enlargedBy(trainer, pair, trainer.beginning), null),
    after: screenPixels(await enlargedBy(trainer, pair, weights), null),
  };
}
