import { rect, type Rect } from '../../../shared/geometry';
import { dirname } from 'node:path';
import type { EncodingPlan } from './plan';
import { createScratch, type Scratch } from '../scratch/scratch';
import { newSamples, rowBytes, type Samples } from '../scratch/layout';

/** Samples worked on at once. */
const BAND_BYTES = 8 << 20;

/** Whether the encoder would have to change samples for this plan: that is done here, rounded once. */
export const needsAdapting = (from: Scratch, plan: EncodingPlan): boolean =>
  plan.flattens || from.depth !== plan.depth || plan.storedBits === 12;

/**
 * A second scratch with the samples as the plan wants them: of its depth, alpha laid onto white where the
 * format has none, and for 12 bits rounded to the nearest of 4096 steps (the encoder cuts the rest off).
 */
export async function adapt(from: Scratch, plan: EncodingPlan, signal?: AbortSignal): Promise<Scratch> {
  const channels = plan.flattens ? from.channels - 1 : from.channels;
  const into = await createScratch(from, channels, plan.depth, dirname(from.paths[0]!));
  try {
    const rows = Math.max(1, Math.floor(BAND_BYTES / rowBytes(from)));
    for (let y = 0; y < from.height; y += rows) {
      signal?.throwIfAborted();
      const at: Rect = rect(0, y, from.width, Math.min(rows, from.height - y));
      const samples = newSamples(into, at.width * at.height);
      convert(await from.read(at), from.channels, samples, channels, plan.storedBits);
      await into.write(at, samples);
    }
    return into;
  } catch (error) {
    await into.close();
    throw error;
  }
}

function convert(
  from: Samples,
  fromChannels: number,
  into: Samples,
  intoChannels: number,
  storedBits: number,
): void {
  const fromTop = from instanceof Uint8Array ? 255 : 65535;
  const steps = 2 ** storedBits - 1;
  // 12 bits are handed over as the upper ones of 16.
  const lift = into instanceof Uint8Array ? 1 : 2 ** (16 - storedBits);
  const flattens = intoChannels < fromChannels;
  const pixels = from.length / fromChannels;
  for (let i = 0; i < pixels; i++) {
    const alpha = flattens ? from[i * fromChannels + intoChannels]! / fromTop : 1;
    for (let c = 0; c < intoChannels; c++) {
      const value = (from[i * fromChannels + c]! / fromTop) * alpha + (1 - alpha);
      into[i * intoChannels + c] = Math.round(value * steps) * lift;
    }
  }
}
