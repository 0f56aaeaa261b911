import { area, wholeOf } from '../../../shared/geometry';
import { FaultError } from '../../../shared/faults';
import { inOwnThread } from '../foreign/thread';
import type { PhotoMetadata } from '../metadata/metadata';
import type { Scratch } from '../scratch/scratch';
import type { EncodingPlan } from './plan';

/** libjxl's usual effort takes seconds a megapixel in WebAssembly; large pictures get a quicker one. */
const effortFor = (pixels: number): number => (pixels <= 4_000_000 ? 7 : pixels <= 16_000_000 ? 5 : 3);
/** How much longer an encoder may take than a decoder, by megabytes of pixels. */
const MEGABYTES_PER_PIXEL = 4e-6;

/** Writes a JPEG XL: libjxl holds the whole picture, in a thread of its own. */
export async function writeJxl(
  pixels: Scratch,
  plan: EncodingPlan,
  { icc, exif, xmp }: PhotoMetadata,
  file: string,
  entry: URL | undefined,
  signal?: AbortSignal,
): Promise<void> {
  const { width, height, channels, depth } = pixels;
  const samples = await pixels.read(wholeOf(pixels));
  const metadata = { ...(icc && { icc }), ...(exif && { exif }), ...(xmp && { xmp }) };
  const layout = { width, height, channels, depth };
  const order = { layout, samples, quality: plan.quality, effort: effortFor(plan.pixels), metadata };
  const task = { task: 'encodeJxl', order, into: file } as const;
  const answer = await inOwnThread(task, MEGABYTES_PER_PIXEL * area(pixels), entry, signal);
  if ('written' in answer) return;
  throw new FaultError(
    'output-unwritable',
    'Expected to encode JPEG XL, found that the encoder failed; choose another format.',
    { detail: 'failed' in answer ? answer.failed : JSON.stringify(answer) },
  );
}
