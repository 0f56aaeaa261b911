import sharp, { type Sharp } from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { conditionOf } from '../../../src/engine/kernels/condition';
import { blockGrid } from '../../../src/engine/kernels/condition/blockGrid';
import { codedLuma } from '../../../src/engine/kernels/condition/luma';
import { raster, type Raster } from '../../../src/engine/kernels/raster';
import { cropped, seeded } from '../seeded';

const WIDTH = 320;
const HEIGHT = 256;
const random = seeded(31);

async function decoded(picture: Sharp): Promise<Raster> {
  const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true });
  const pixels = info.width * info.height;
  const found = raster(info.width, info.height, 3);
  for (let i = 0; i < pixels; i++) {
    for (let c = 0; c < 3; c++) found.data[c * pixels + i] = data[3 * i + c]! / 255;
  }
  return found;
}

function encoded({ width, height, data }: Raster): Sharp {
  const pixels = width * height;
  const bytes = Buffer.alloc(3 * pixels);
  for (let i = 0; i < pixels; i++) {
    for (let c = 0; c < 3; c++) {
      bytes[3 * i + c] = Math.min(255, Math.max(0, Math.round(data[c * pixels + i]! * 255)));
    }
  }
  return sharp(bytes, { raw: { width, height, channels: 3 } });
}

/** As much in each octave, as photographs have it: amplitudes fall as 1 / f; a quarter of it is smooth, like a sky. */
async function natural(): Promise<Raster> {
  const found = raster(WIDTH, HEIGHT, 3, new Float32Array(WIDTH * HEIGHT * 3).fill(0.45));
  for (let cell = 1; cell <= 64; cell *= 2) {
    const grey = random.picture(Math.ceil(WIDTH / cell), Math.ceil(HEIGHT / cell), 1);
    const three = raster(grey.width, grey.height, 3);
    for (let c = 0; c < 3; c++) three.data.set(grey.data, c * grey.data.length);
    const octave = await decoded(encoded(three).resize(WIDTH, HEIGHT, { fit: 'fill', kernel: 'cubic' }));
    // The finest is what a lens and a sensor leave of it.
    const gain = cell === 1 ? 0.05 : 0.12;
    for (let i = 0; i < found.data.length; i++) {
      const isSky = i % WIDTH < WIDTH / 2 && Math.floor(i / WIDTH) % HEIGHT < HEIGHT / 2;
      if (!isSky || cell > 8) found.data[i]! += gain * (octave.data[i]! - 0.5);
    }
  }
  return found;
}

const noisy = (of: Raster, deviation: number): Raster => {
  const pixels = of.width * of.height;
  const noise = Float32Array.from({ length: pixels }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - random.real()));
    return (deviation / 255) * radius * Math.cos(2 * Math.PI * random.real());
  });
  return raster(
    of.width,
    of.height,
    of.channels,
    of.data.map((value, i) => value + noise[i % pixels]!),
  );
};

const flat = (value: number): Raster => raster(128, 128, 1, new Float32Array(128 * 128).fill(value));

let photo: Raster;
beforeAll(async () => {
  photo = await natural();
});

describe('the condition of a photo', () => {
  it('of a sharp and clean one has nothing to say', () => {
    const { findings, jpegQuality, blocking, noise, blur } = conditionOf([photo]);
    expect(findings).toEqual([]);
    expect(jpegQuality).toBeNull();
    expect(blocking).toBeLessThan(1.1);
    expect(noise).toBeLessThan(3);
    expect(blur).toBeLessThan(0.85);
  });

  it.each([
    [30, '4:2:0'],
    [60, '4:2:0'],
    [75, '4:4:4'],
    [90, '4:2:0'],
  ])('knows the quality %d of JPEG with %s from the pixels', async (quality, chromaSubsampling) => {
    const jpeg = await encoded(photo).jpeg({ quality, chromaSubsampling }).toBuffer();
    const found = conditionOf([await decoded(sharp(jpeg))]);
    expect(Math.abs(found.jpegQuality! - quality)).toBeLessThanOrEqual(1);
    expect(found.findings.includes('jpeg-blocks')).toBe(quality < 80);
  });

  it('finds the blocks of a JPEG that was cropped after, and nothing once it was resized', async () => {
    const jpeg = await decoded(sharp(await encoded(photo).jpeg({ quality: 40 }).toBuffer()));
    const part = cropped(jpeg, { x: 3, y: 5, width: 240, height: 200 });
    expect(blockGrid([codedLuma(part)])).toMatchObject({ x: 5, y: 3 });
    expect(Math.abs(conditionOf([part]).jpegQuality! - 40)).toBeLessThanOrEqual(1);
    const resized = await decoded(encoded(jpeg).resize(210, 168, { kernel: 'cubic' }));
    expect(conditionOf([resized]).jpegQuality).toBeNull();
  });

  it('judges several pieces as one', async () => {
    const jpeg = await decoded(sharp(await encoded(photo).jpeg({ quality: 50 }).toBuffer()));
    const pieces = [0, 128].map((x) => cropped(jpeg, { x, y: 64, width: 128, height: 128 }));
    expect(Math.abs(conditionOf(pieces).jpegQuality! - 50)).toBeLessThanOrEqual(1);
  });

  it.each([5, 10, 20])('measures noise of %d steps to a tenth on what is flat', (deviation) => {
    expect(conditionOf([noisy(flat(0.5), deviation)]).noise! / deviation).toBeCloseTo(1, 0.7);
    expect(conditionOf([noisy(photo, deviation)]).findings).toContain('noise');
  });

  it('leaves clipped parts out of the noise', () => {
    expect(conditionOf([flat(1)]).noise).toBeNull();
    expect(conditionOf([flat(0.5)])).toEqual({
      jpegQuality: null,
      blocking: 1,
      noise: 0,
      blur: null,
      findings: [],
    });
  });

  it('measures blur to a third of a pixel, with noise too, and knows what was enlarged', async () => {
    const own = conditionOf([photo]).blur!;
    for (const deviation of [1, 2]) {
      const soft = await decoded(encoded(photo).blur(deviation));
      expect(Math.abs(conditionOf([soft]).blur! - Math.hypot(own, deviation))).toBeLessThan(0.33);
      expect(conditionOf([soft]).findings).toEqual(['blurred']);
    }
    const soft = await decoded(encoded(photo).blur(2));
    expect(Math.abs(conditionOf([noisy(soft, 2)]).blur! - 2.1)).toBeLessThan(0.3);
    const half = encoded(photo).resize(WIDTH / 2, HEIGHT / 2, { kernel: 'cubic' });
    const again = sharp(await half.png().toBuffer()).resize(WIDTH, HEIGHT, { kernel: 'cubic' });
    expect(conditionOf([await decoded(again)]).findings).toEqual(['blurred']);
  });

  it('answers for pieces that are too small to say anything', () => {
    for (const side of [1, 2, 7, 12]) {
      const found = conditionOf([raster(side, side, 3, new Float32Array(3 * side * side).fill(0.4))]);
      expect(found).toMatchObject({ jpegQuality: null, noise: null, blur: null, findings: [] });
      expect(found.blocking).toBe(1);
    }
  });
});
