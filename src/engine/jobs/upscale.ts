import type { Params, UpscaleDone } from '../../shared/contract';
import type { Enlargement } from '../../shared/enlargement';
import { FaultError } from '../../shared/faults';
import {
  area,
  contains,
  outputRect,
  outputSize,
  rect,
  wholeOf,
  type Rect,
  type Size,
} from '../../shared/geometry';
import { planTiles, rowsFirst, tileCount } from '../../shared/tiles';
import type { encodePhoto } from '../codec/write/encode';
import { enlargedMetadata } from '../codec/metadata/enlarged';
import type { FilePhoto } from '../codec/read/open';
import type { expectPlace } from '../codec/write/place';
import type { expectRoom } from '../codec/write/room';
import type { planEncoding } from '../codec/write/plan';
import type { createScratch, Scratch } from '../codec/scratch/scratch';
import { enlargeWithMap } from '../methods/consistently';
import type { Method } from '../methods/method';
import type { RunSettings } from '../runtime/runSettings';
import type { RealDevice } from '../runtime/runtime';
import type { Finish } from '../pixels/finish';
import type { Pixels } from '../pixels/pixels';
import type { Job } from './job';

/** The part of the codec that makes files. */
export interface UpscaleFiles {
  readonly planEncoding: typeof planEncoding;
  readonly expectPlace: typeof expectPlace;
  readonly expectRoom: typeof expectRoom;
  readonly createScratch: typeof createScratch;
  readonly encodePhoto: typeof encodePhoto;
}

export interface UpscaleParts {
  readonly files: UpscaleFiles;
  readonly pixels: Pixels;
  /** Where pixels are kept on disk until they are encoded. */
  readonly scratchFolder: string;
  /** This program's version, for the file to say. */
  readonly version: string;
  /** What enlarging took and where it ran, for the method's card. */
  readonly onPace: (seconds: number, megapixels: number) => void;
  readonly onDevice: (device: RealDevice) => void;
}

/** Tiles computed or waiting to be written; a slow disk must not fill the memory. */
const TILES_UNDER_WAY = 8;

/** The part of the enlargement that was ordered; the fault `bad-region` names the photo's size. */
export function orderedPart(
  region: Enlargement['region'],
  { name, width, height }: Size & { readonly name: string },
  scale: number,
): Rect<'output'> {
  const size = { width, height };
  if (!region) return wholeOf<'output'>(outputSize(size, scale));
  if (!contains(wholeOf(size), region)) {
    throw new FaultError(
      'bad-region',
      `Expected a region inside the ${width} x ${height} pixels of ${name}, ` +
        `received ${region.width} x ${region.height} at ${region.x}, ${region.y}.`,
      { file: name },
    );
  }
  return outputRect(region, size, scale);
}

/** Where the map of what was invented is gathered, where it was ordered. */
class InventionMap {
  private squares = 0;

  constructor(
    readonly scratch: Scratch,
    readonly path: string,
  ) {}

  async add(at: Rect, map: Uint8Array<ArrayBuffer>, squares: number): Promise<void> {
    this.squares += squares;
    await this.scratch.write(at, map);
  }

  /** Root mean square of the invented part, in steps of 8 bits. */
  get strength(): number {
    return 255 * Math.sqrt(this.squares / area(this.scratch));
  }
}

interface Enlarging {
  readonly map: InventionMap | undefined;
  readonly pixels: Pixels;
  readonly photo: FilePhoto;
  readonly method: Method;
  readonly scale: number;
  readonly part: Rect<'output'>;
  readonly runSettings: RunSettings;
}

/**
 * Fills the scratch tile by tile. A tile's turn ends when it is computed; it is written while the next ones
 * are, and the next is read before this one is done.
 */
async function fill(
  scratch: Scratch,
  { photo, method, scale, part, runSettings, map, pixels }: Enlarging,
  job: Job,
): Promise<void> {
  const plan = planTiles(part, method.tileSide(scale));
  const total = tileCount(plan);
  const failing = new AbortController();
  const signal = AbortSignal.any([job.signal, failing.signal]);
  const underWay = new Set<Promise<void>>();
  let done = 0;
  let failure: { error: unknown } | undefined;

  const make = async (output: Rect<'output'>, endTurn: () => void): Promise<void> => {
    const order = { photo, scale, output, runSettings, signal };
    const at = rect(output.x - part.x, output.y - part.y, output.width, output.height);
    const finish: Finish<'bytes' | 'words'> = { to: scratch.depth === 16 ? 'words' : 'bytes' };
    if (map) {
      const mapped = await enlargeWithMap(method, order, finish, pixels).finally(endTurn);
      await scratch.write(at, mapped.tile);
      await map.add(at, mapped.map, mapped.squares);
    } else {
      await scratch.write(at, await method.enlarge(order, finish).finally(endTurn));
    }
    done += 1;
    job.progress('enlarge', done, total);
  };
  const fail = (error: unknown): void => {
    failure ??= { error };
    failing.abort();
  };

  job.progress('enlarge', 0, total);
  try {
    for (const { core } of rowsFirst(plan)) {
      const endTurn = await job.turn();
      if (failure) {
        endTurn();
        break;
      }
      const tile = make(core, endTurn).catch(fail);
      underWay.add(tile);
      void tile.finally(() => underWay.delete(tile));
      if (underWay.size >= TILES_UNDER_WAY) await Promise.race(underWay);
    }
  } catch (error) {
    fail(error);
  }
  await Promise.all(underWay);
  if (failure) throw failure.error;
}

/**
 * Enlarges a photo, or a region of it, into a file. Everything that can be known beforehand is checked
 * before any work; the file appears whole or not at all, and the scratch is gone either way.
 */
export async function upscale(
  order: Params<'job:upscale'>,
  photo: FilePhoto,
  method: Method,
  job: Job,
  { files, pixels, scratchFolder, version, onPace, onDevice }: UpscaleParts,
): Promise<UpscaleDone> {
  const started = performance.now();
  const { encoding, output } = order;
  const { scale, region, options } = order.enlargement;
  const part = orderedPart(region, photo.info, scale);
  const { channels } = photo;
  const made = { version, method: method.card.id, scale };
  const metadata = enlargedMetadata(photo.metadata, { part, made, encoding });
  const planned = files.planEncoding(encoding, { channels, depth: photo.info.depth, metadata }, part);
  const { depth } = planned;
  const path = await files.expectPlace(output.path, output.overwrite, photo.path);
  if (output.invented !== undefined) {
    await files.expectPlace(output.invented, output.overwrite, photo.path);
  }
  const { width, height } = part;
  await files.expectRoom(path, encoding.format, { width, height, channels, depth }, scratchFolder);
  const devices = new Set<string>();
  const runSettings: RunSettings = {
    ...options,
    ...{ device: order.device, patient: true },
    onDevice: (device) => {
      devices.add(device);
      onDevice(device);
    },
  };
  const scratch = await files.createScratch(part, channels, depth, scratchFolder);
  let map: InventionMap | undefined;
  try {
    if (output.invented !== undefined) {
      map = new InventionMap(await files.createScratch(part, 1, 8, scratchFolder), output.invented);
    }
    const from = performance.now();
    await fill(scratch, { photo, method, scale, part, runSettings, map, pixels }, job);
    if (!options.ensemble && !options.consistent && !map)
      onPace((performance.now() - from) / 1e3, area(part) / 1e6);
    const flaws = await photo.flaws(job.signal);
    job.progress('encode', 0, 100);
    const encoded = await files.encodePhoto(scratch, metadata, encoding, output.path, {
      overwrite: output.overwrite,
      source: photo.path,
      signal: job.signal,
      onProgress: (fraction) => job.progress('encode', Math.round(fraction * 100), 100),
    });
    if (map) {
      const plain = { density: metadata.density };
      const { overwrite } = output;
      await files.encodePhoto(map.scratch, plain, { format: 'png' }, map.path, {
        overwrite,
        source: photo.path,
        signal: job.signal,
      });
    }
    // What 16 bits lost to 8 is known to the plan alone: the scratch has 8 already.
    const notes = [...new Set([...flaws, ...planned.notes, ...encoded.notes])];
    const seconds = (performance.now() - started) / 1e3;
    const device = [...devices].join(' + ') || 'cpu';
    return { width, height, seconds, device, notes, ...(map && { invented: map.strength }) };
  } finally {
    await scratch.close();
    await map?.scratch.close();
  }
}
