import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';
import { displayTable } from '../../src/engine/codec/read/display';
import { openPhoto, type FilePhoto } from '../../src/engine/codec/read/open';
import { createScratch, reopenScratch } from '../../src/engine/codec/scratch/scratch';
import { encodePhoto } from '../../src/engine/codec/write/encode';
import { writeGainMap } from '../../src/engine/codec/write/gainMapFile';
import { expectPlace } from '../../src/engine/codec/write/place';
import { planEncoding } from '../../src/engine/codec/write/plan';
import { expectRoom } from '../../src/engine/codec/write/room';
import { fileFinish } from '../../src/engine/jobs/upscale/fileFinish';
import { EncodingTrials } from '../../src/engine/jobs/upscale/encodingTrials';
import { settle } from '../../src/engine/jobs/upscale/prepare';
import { OpenPhotos } from '../../src/engine/photos/openPhotos';
import { pixelsInPlace } from '../../src/engine/pixels/pixels';
import { Queue } from '../../src/engine/schedule/queue';
import type { Encoding } from '../../src/shared/contract';
import { PLAIN_OPTIONS } from '../../src/shared/enlargement';
import { rect, wholeOf, type Rect } from '../../src/shared/geometry';
import { ownFolder } from '../fixtures/ownFolder';
import { pipelineOf, type Picture } from '../fixtures/pictures';
import { seeded } from '../unit/seeded';
import { methodsOn, onCpu } from './methodSet';

const CLIENT = { id: 'page', since: 0, emit: () => Promise.resolve(), gone: new AbortController().signal };
const SCALE = 2;
const SIDE = 160;
const open: FilePhoto[] = [];
afterEach(async () => {
  for (const photo of open.splice(0)) await photo.close();
});

const catalogue = await methodsOn();
const method = catalogue.get('bicubic');

/** Waves that differ from place to place, under a little grain: neither flat nor noise. */
function waves(channels: 3 | 4): Picture {
  const random = seeded(7);
  const samples = new Uint8Array(SIDE * SIDE * channels);
  for (let i = 0; i < samples.length; i++) {
    const [x, y, c] = [Math.floor(i / channels) % SIDE, Math.floor(i / channels / SIDE), i % channels];
    const wave = 128 + 60 * Math.sin((x * (1 + y / SIDE)) / 6 + c) + random.whole(-8, 8);
    samples[i] = c === 3 ? 90 : Math.round(wave);
  }
  return { width: SIDE, height: SIDE, channels, depth: 8, samples };
}

async function opened(channels: 3 | 4 = 3, profile: 'srgb' | 'p3' = 'srgb') {
  const folder = await ownFolder('trials');
  const path = join(folder, 'waves.png');
  await pipelineOf(waves(channels))
    .withIccProfile(profile)
    .withExif({ IFD0: { Make: 'Camera' } })
    .png()
    .toFile(path);
  const photos = new OpenPhotos<FilePhoto>();
  const photo = await openPhoto(path, { scratchFolder: folder });
  open.push(photo);
  await photos.add(CLIENT.id, 'photo-a', photo);
  const files = {
    openPhoto,
    planEncoding,
    expectPlace,
    expectRoom,
    createScratch,
    reopenScratch,
    encodePhoto,
    writeGainMap,
  };
  const parts = {
    files,
    pixels: pixelsInPlace,
    photos,
    catalogue,
    tableFor: displayTable,
    scratchFolder: folder,
    version: '1.0.0',
    onPace: () => undefined,
    onDevice: () => undefined,
  };
  const trials = new EncodingTrials(parts, new Queue());
  const enlargement = { photo: 'photo-a', method: { id: 'bicubic' }, scale: SCALE, options: PLAIN_OPTIONS };
  const whole = wholeOf({ width: SCALE * SIDE, height: SCALE * SIDE });
  const attempt = (encoding: Encoding, piece: Rect = whole) =>
    trials.try(CLIENT, { enlargement, encoding, piece, display: 'srgb' });
  const weigh = async (encoding: Encoding, pieces: Rect[]) =>
    (await trials.weigh(CLIENT, { enlargement, encoding, pieces })).pixelBytes;
  /** The whole file, as a job writes it. */
  const written = async (encoding: Encoding) => {
    const { part, metadata, encoding: plan } = settle({ enlargement, encoding }, photo, method, parts);
    const finish = await fileFinish({ encoding }, photo, plan.depth, parts);
    const request = { photo, scale: SCALE, output: part, runSettings: onCpu, signal: CLIENT.gone };
    const scratch = await createScratch(part, photo.channels, plan.depth, folder);
    await scratch.write(rect(0, 0, part.width, part.height), await method.enlarge(request, finish));
    const target = join(folder, `whole.${encoding.format}`);
    const { bytes } = await encodePhoto(scratch, metadata, encoding, target, { overwrite: true });
    await scratch.close();
    return { bytes, target };
  };
  return { attempt, weigh, written };
}

const decoded = (base64: string): Buffer => Buffer.from(base64, 'base64');

const words = (data: Buffer): Uint16Array => new Uint16Array(data.buffer, data.byteOffset, data.length / 2);

const FILES: Encoding[] = [
  { format: 'jpeg', quality: 60 },
  { format: 'jpeg', quality: 95 },
  { format: 'webp', quality: 80 },
  { format: 'png' },
  { format: 'tiff', depth: 16 },
];

describe('what a piece is encoded to', () => {
  it.each(FILES)('is what the whole file has: $format $quality', async (encoding) => {
    const { attempt, written } = await opened();
    const { pixelBytes, otherBytes, before, after: seen } = await attempt(encoding);
    const { bytes, target } = await written(encoding);
    // Within what headers of an empty picture differ from those of this one.
    expect(Math.abs(pixelBytes + otherBytes - bytes) / bytes).toBeLessThan(0.02);
    // With the profile ignored, and in its own depth, sharp changes no number.
    const own = sharp(target, { ignoreIcc: true }).toColourspace(encoding.depth === 16 ? 'rgb16' : 'srgb');
    const data = await own.raw({ depth: encoding.depth === 16 ? 'ushort' : 'uchar' }).toBuffer();
    const pixels = encoding.depth === 16 ? words(data).map((word) => Math.round(word / 257)) : data;
    const after = decoded(seen);
    let most = 0;
    for (let i = 0; i < pixels.length; i++) {
      most = Math.max(most, Math.abs(pixels[i]! - after[4 * Math.floor(i / 3) + (i % 3)]!));
    }
    expect(most).toBeLessThanOrEqual(1);
    expect(decoded(before).equals(after)).toBe(encoding.quality === undefined);
  });

  it('adds up over pieces', async () => {
    const { attempt, weigh } = await opened();
    const encoding: Encoding = { format: 'jpeg', quality: 80 };
    const whole = await attempt(encoding);
    const quarters = [0, 160].flatMap((x) => [0, 160].map((y) => rect(x, y, 160, 160)));
    const sum = (await weigh(encoding, quarters)).reduce((bytes, one) => bytes + one, 0);
    expect(Math.abs(sum - whole.pixelBytes) / whole.pixelBytes).toBeLessThan(0.05);
  });

  it('says what is kept of the photo costs, and lays alpha onto white where it is left out', async () => {
    const { attempt } = await opened(4);
    const all = await attempt({ format: 'png' });
    const less = await attempt({ format: 'png', strip: ['exif', 'xmp', 'alpha'] });
    expect(all.otherBytes - less.otherBytes).toBeGreaterThan(300);
    const [withAlpha, onWhite] = [decoded(all.after), decoded(less.after)];
    expect([withAlpha[3], onWhite[3]]).toEqual([90, 255]);
    expect(Math.abs(onWhite[0]! - (255 - (90 / 255) * (255 - withAlpha[0]!)))).toBeLessThanOrEqual(1);
  });

  it('looks the same without its profile, for the pixels are converted', async () => {
    const { attempt, written } = await opened(3, 'p3');
    const kept = decoded((await attempt({ format: 'png' })).after);
    const encoding: Encoding = { format: 'png', strip: ['profile'] };
    const without = decoded((await attempt(encoding)).after);
    let most = 0;
    for (let i = 0; i < kept.length; i++) most = Math.max(most, Math.abs(kept[i]! - without[i]!));
    expect(most).toBeLessThanOrEqual(1);
    const { target } = await written(encoding);
    expect((await sharp(target).metadata()).icc).toBeUndefined();
    const pixels = await sharp(target).ensureAlpha().raw().toBuffer();
    expect(pixels.equals(without)).toBe(true);
  });

  it('outside the file is refused, and a newer one stops the one before', async () => {
    const { attempt } = await opened();
    await expect(attempt({ format: 'png' }, rect(300, 0, 64, 64))).rejects.toThrow(
      'Expected a piece inside the 320 x 320 pixels of the file, received 64 x 64 at 300, 0.',
    );
    const first = attempt({ format: 'png' });
    const second = attempt({ format: 'jpeg' });
    await expect(first).rejects.toMatchObject({ name: 'AbortError' });
    expect((await second).pixelBytes).toBeGreaterThan(0);
  });
});
