import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { fromBytes } from '../../../src/engine/kernels/color/quantise';
import { lumaSamples } from '../../../src/engine/kernels/metrics/luma';
import { innerRect } from '../../../src/engine/kernels/metrics/samples';
import { psnr } from '../../../src/engine/kernels/metrics/psnr';
import { measureLuma } from '../../../src/engine/kernels/metrics';
import { raster, type Raster } from '../../../src/engine/kernels/raster';
import { imresize8 } from '../../../src/engine/kernels/resample/imresize';
import { resample } from '../../../src/engine/kernels/resample/resample';
import { outputSize, rect, wholeOf } from '../../../src/shared/geometry';
import { cropped, largestDifference, seeded } from '../seeded';

/** Some seconds of arithmetic; more where other work shares the processor. */
const PATIENCE = 240_000;

/** The standard benchmarks lie beside the repository where they are at hand; they are not part of it. */
const BENCHMARKS = path.resolve(import.meta.dirname, '../../../../shared/data/bench');

/** Bicubic PSNR-Y of MATLAB's imresize, by scale; of the largest set, which takes longest, one is enough. */
const PUBLISHED = {
  Set5: { 2: 33.67, 3: 30.4, 4: 28.43 },
  Set14: { 2: 30.23, 3: 27.54, 4: 25.99 },
  BSD100: { 4: 25.96 },
} as const;

async function originals(dataset: string): Promise<Raster[]> {
  const folder = path.join(BENCHMARKS, dataset);
  const files = readdirSync(folder).filter((file) => file.endsWith('.png'));
  return Promise.all(
    files.map(async (file) => {
      const picture = sharp(path.join(folder, file));
      const grey = (await picture.metadata()).channels === 1;
      const { data, info } = await picture
        .toColourspace(grey ? 'b-w' : 'srgb')
        .raw()
        .toBuffer({ resolveWithObject: true });
      return fromBytes(data, info.width, info.height, info.channels);
    }),
  );
}

/** Cropped to a multiple of the scale, as every comparison does. */
const divisible = (original: Raster, scale: number): Raster =>
  cropped(
    original,
    rect(0, 0, original.width - (original.width % scale), original.height - (original.height % scale)),
  );

function bicubicPsnr(original: Raster, scale: number): number {
  const high = divisible(original, scale);
  const enlarged = imresize8(imresize8(high, 1 / scale), scale);
  const inner = innerRect(high, scale);
  return psnr(lumaSamples(high, inner).values, lumaSamples(enlarged, inner).values)!;
}

const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

describe.each(Object.entries(PUBLISHED))('imresize8 on %s', (dataset, figures) => {
  const absent = existsSync(path.join(BENCHMARKS, dataset)) ? '' : ' (skipped: the benchmark is not here)';

  it.skipIf(absent)(
    `comes to MATLAB's bicubic PSNR-Y at x${Object.keys(figures).join(', x')}${absent}`,
    async () => {
      const pictures = await originals(dataset);
      for (const [scale, published] of Object.entries(figures)) {
        const measured = mean(pictures.map((picture) => bicubicPsnr(picture, Number(scale))));
        expect(Math.abs(measured - published), `x${scale}: ${measured}`).toBeLessThanOrEqual(0.00501);
      }
    },
    PATIENCE,
  );
});

describe('SSIM of the reference bicubic', () => {
  const absent = existsSync(path.join(BENCHMARKS, 'Set5')) ? '' : ' (skipped: the benchmark is not here)';

  it.skipIf(absent)(`comes to the published figures of Set5 within 0.001${absent}`, async () => {
    const pictures = await originals('Set5');
    [0.9299, 0.8682, 0.8104].forEach((published, k) => {
      const scale = k + 2;
      const measured = mean(
        pictures.map((picture) => {
          const high = divisible(picture, scale);
          const enlarged = imresize8(imresize8(high, 1 / scale), scale);
          return measureLuma(high, enlarged, { border: scale }).ssimY;
        }),
      );
      expect(Math.abs(measured - published), `x${scale}: ${measured}`).toBeLessThan(0.001);
    });
  });
});

describe('imresize8', () => {
  const random = seeded(4);
  const eightBit = (width: number, height: number, channels: number): Raster =>
    raster(
      width,
      height,
      channels,
      random.picture(width, height, channels).data.map((value) => Math.round(value * 255) / 255),
    );

  it('differs from resample by its two roundings and its clipping only', () => {
    for (const scale of [2, 3, 0.5, 0.25, 1.7]) {
      const photo = eightBit(24, 20, 3);
      const rounded = imresize8(photo, scale);
      const output = wholeOf<'output'>({ width: Math.ceil(24 * scale), height: Math.ceil(20 * scale) });
      const exact = resample(photo, wholeOf(photo), photo, scale, output, 'bicubic');
      const clipped = exact.data.map((value) => Math.min(1, Math.max(0, value)));
      // Intermediate clipping of noise reaches a little further than rounding; on mid tones it is rounding alone.
      expect(largestDifference(rounded.data, clipped)).toBeLessThan(40 / 255);
      const soft = raster(
        24,
        20,
        3,
        photo.data.map((value) => Math.round(255 * (0.35 + 0.3 * value)) / 255),
      );
      const softExact = resample(soft, wholeOf(soft), soft, scale, output, 'bicubic');
      expect(largestDifference(imresize8(soft, scale).data, softExact.data)).toBeLessThan(1.3 / 255);
    }
  });

  it('gives whole 8-bit values, as many as MATLAB', () => {
    const result = imresize8(eightBit(7, 5, 1), 0.3);
    expect(result).toMatchObject({ width: 3, height: 2 });
    for (const value of result.data)
      expect(Math.abs(value * 255 - Math.round(value * 255))).toBeLessThan(1e-4);
    expect(outputSize({ width: 7, height: 5 }, 0.3)).toEqual({ width: 2, height: 2 });
  });

  it('rounds halves up between its passes, as uint8 does', () => {
    // 1 and 2 at x0.5 antialiased by mirrored neighbours give exactly 1.5, which is stored as 2.
    const photo = raster(2, 2, 1, Float32Array.of(1 / 255, 1 / 255, 2 / 255, 2 / 255));
    expect(imresize8(photo, 0.5).data[0]).toBeCloseTo(2 / 255, 6);
  });
});
