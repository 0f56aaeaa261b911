import { stat } from 'node:fs/promises';
import type { Channels } from 'sharp';
import { area, rect } from '../../../shared/geometry';
import { formatted } from './encoders';
import { HELD_BYTES } from './limits';
import type { EncodingPlan } from './plan';
import type { Scratch } from '../scratch/scratch';
import { sharp } from '../vips';

/** Smaller pictures are done before it would matter. */
const WORTH_WATCHING_PIXELS = 8_000_000;
const SAMPLES = 5;
const SAMPLE_PIXELS = 200_000;
const POLL_MS = 250;

/**
 * Tells how far an encoder has come, which libvips does not: a few bands are encoded beforehand, which
 * gives the size to expect, and the growing file is compared with it. Returns how to stop watching.
 */
export async function watchGrowth(
  pixels: Scratch,
  plan: EncodingPlan,
  file: string,
  onProgress: (fraction: number) => void,
): Promise<() => void> {
  const holdsAll = HELD_BYTES[plan.format] !== undefined;
  if (holdsAll || area(pixels) < WORTH_WATCHING_PIXELS) return () => undefined;
  const expectedBytes = await estimateBytes(pixels, plan);
  const timer = setInterval(() => {
    stat(file).then(
      ({ size }) => onProgress(Math.min(0.99, size / expectedBytes)),
      () => undefined,
    );
  }, POLL_MS);
  return () => clearInterval(timer);
}

async function estimateBytes(pixels: Scratch, plan: EncodingPlan): Promise<number> {
  const { width, channels } = pixels;
  const height = Math.max(1, Math.min(pixels.height, Math.round(SAMPLE_PIXELS / width)));
  let bytes = 0;
  for (let i = 0; i < SAMPLES; i++) {
    const top = Math.round(((pixels.height - height) * (i + 0.5)) / SAMPLES);
    const samples = await pixels.read(rect(0, top, width, height));
    const band = sharp(samples, { raw: { width, height, channels: channels as Channels } });
    bytes += (await formatted(band, pixels, plan).toBuffer()).length;
  }
  return (bytes / (SAMPLES * height)) * pixels.height;
}
