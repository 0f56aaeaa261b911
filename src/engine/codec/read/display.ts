import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DisplaySpace } from '../../../shared/contract';
import type { ColourTable } from '../../kernels/color/lut';
import { profileSpace } from '../metadata/icc';
import type { FilePhoto } from './open';
import type { PixelLayout } from '../scratch/layout';
import { encodeHeader, encodeTrailer } from '../scratch/vipsFile';
import { sharp } from '../vips';

/** Points an axis: between them a table of photo profiles is off by less than half a step of 8 bit. */
const POINTS = 33;
/** Largest difference from doing nothing that is still doing nothing: a quarter of a step of 8 bit. */
const NOTHING = 0.001;
const PROFILES: Readonly<Record<DisplaySpace, string>> = { srgb: 'srgb', 'display-p3': 'p3' };

const tables = new WeakMap<FilePhoto, Map<DisplaySpace, Promise<ColourTable | null>>>();

/**
 * The table (color/lut.ts) that turns a photo's colours into a display's, or null where there is nothing to
 * do. Photos without a profile are read as sRGB. A grey photo's table applies to its grey as R, G and B.
 * Made once for a photo and a space.
 */
export function displayTable(photo: FilePhoto, space: DisplaySpace): Promise<ColourTable | null> {
  const known = tables.get(photo) ?? new Map<DisplaySpace, Promise<ColourTable | null>>();
  tables.set(photo, known);
  let table = known.get(space);
  if (!table) {
    table = makeTable(photo, space);
    known.set(space, table);
    table.catch(() => known.delete(space));
  }
  return table;
}

async function makeTable(photo: FilePhoto, space: DisplaySpace): Promise<ColourTable | null> {
  const { icc } = photo.metadata;
  // sRGB and Display P3 share their tone curve, and with it their greys.
  if (!icc && (space === 'srgb' || photo.channels < 3)) return null;
  const profile = icc ?? (await builtInProfile('srgb'));
  const grey = profileSpace(profile) === 'grey';
  const converted = await convert(
    grey ? greyRamp() : lattice(),
    grey ? 1 : 3,
    profile,
    space,
    photo.scratchFolder,
  );
  const data = grey ? spread(converted) : converted;
  return isIdentity(data) ? null : { size: POINTS, data };
}

/** 33^3 colours, red slowest, blue fastest. */
function lattice(): Uint16Array<ArrayBuffer> {
  const samples = new Uint16Array(3 * POINTS ** 3);
  for (let i = 0; i < POINTS ** 3; i++) {
    samples[3 * i] = stepAt(Math.floor(i / POINTS ** 2));
    samples[3 * i + 1] = stepAt(Math.floor(i / POINTS) % POINTS);
    samples[3 * i + 2] = stepAt(i % POINTS);
  }
  return samples;
}

const greyRamp = (): Uint16Array<ArrayBuffer> => Uint16Array.from({ length: POINTS }, (_, i) => stepAt(i));
const stepAt = (index: number): number => Math.round((index * 65535) / (POINTS - 1));

/** A grey ramp's RGB triples as a whole table: each channel by its own value. */
function spread(ramp: Float32Array): Float32Array {
  const data = new Float32Array(3 * POINTS ** 3);
  for (let i = 0; i < POINTS ** 3; i++) {
    data[3 * i] = ramp[3 * Math.floor(i / POINTS ** 2)]!;
    data[3 * i + 1] = ramp[3 * (Math.floor(i / POINTS) % POINTS) + 1]!;
    data[3 * i + 2] = ramp[3 * (i % POINTS) + 2]!;
  }
  return data;
}

function isIdentity(data: Float32Array): boolean {
  const identity = lattice();
  return data.every((value, i) => Math.abs(value - identity[i]! / 65535) <= NOTHING);
}

/**
 * Lets libvips convert a picture of samples that carries the profile, in one step and 16 bit. (With the
 * profile not ignored, sharp would go through a working space first and clip there.)
 */
async function convert(
  samples: Uint16Array<ArrayBuffer>,
  channels: number,
  profile: Buffer,
  space: DisplaySpace,
  folder: string,
): Promise<Float32Array> {
  const layout: PixelLayout = { width: samples.length / channels, height: 1, channels, depth: 16 };
  const path = join(folder, `lattice-${randomUUID()}.v`);
  const trailer = encodeTrailer(new Map([['icc-profile-data', profile]]));
  await writeFile(path, Buffer.concat([encodeHeader(layout, 72), Buffer.from(samples.buffer), trailer]));
  try {
    const { data, info } = await sharp(path, { ignoreIcc: true })
      .toColourspace(channels === 1 ? 'grey16' : 'rgb16')
      .withIccProfile(PROFILES[space])
      .raw({ depth: 'ushort' })
      .toBuffer({ resolveWithObject: true });
    const words = new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2);
    const pixels = samples.length / channels;
    return Float32Array.from(
      { length: 3 * pixels },
      (_, i) => words[Math.floor(i / 3) * info.channels + Math.min(i % 3, info.channels - 1)]! / 65535,
    );
  } finally {
    await rm(path, { force: true });
  }
}

let srgbProfile: Promise<Buffer> | undefined;

/** The profile that libvips itself means by a name. */
function builtInProfile(name: 'srgb'): Promise<Buffer> {
  srgbProfile ??= (async () => {
    const png = await sharp({ create: { width: 1, height: 1, channels: 3, background: 'black' } })
      .withIccProfile(name)
      .png()
      .toBuffer();
    const { icc } = await sharp(png).metadata();
    if (!icc) throw new Error(`libvips wrote no ${name} profile`);
    return icc;
  })();
  return srgbProfile;
}
