import { readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readBy, type JobProgress, type UpscaleDone } from '../../../shared/contract';
import { FaultError } from '../../../shared/faults';
import { area, type Rect } from '../../../shared/geometry';
import { planTiles, tileCount, type TilePlan } from '../../../shared/tiles';
import { enlargedMetadata } from '../../codec/metadata/enlarged';
import type { PhotoMetadata } from '../../codec/metadata/metadata';
import type { FilePhoto } from '../../codec/read/open';
import type { PixelLayout, Samples } from '../../codec/scratch/layout';
import type { EncodingPlan } from '../../codec/write/plan';
import { enlargeWithMap } from '../../methods/consistently';
import { asGrey, inColours } from '../../photos/neutral';
import type { Catalogue } from '../../methods/catalogue';
import type { Method } from '../../methods/method';
import type { Finish } from '../../pixels/finish';
import type { Pixels } from '../../pixels/pixels';
import type { RunSettings } from '../../runtime/runSettings';
import type { RealDevice } from '../../runtime/runtime';
import type { LastingJob } from '../job';
import type { JobKind, Revival, Work } from '../kind';
import { makeTiles } from '../tiles';
import { Canvas, newScratches, oldScratches } from './canvas';
import type { UpscaleFiles } from './files';
import { reachedBy, type Reached, type UpscaleMark } from './marks';
import { outputOf, storedOrderSchema, type StoredOrder } from './order';
import { isPlaced, removeLeftovers } from './outputs';
import { orderedPart } from './part';
import {
  keepPhoto,
  KEPT_PHOTO,
  leaseOf,
  sourcePath,
  stampOf,
  type HeldPhoto,
  type LeasedPhotos,
} from './source';

export interface UpscaleParts {
  readonly files: UpscaleFiles;
  readonly pixels: Pixels;
  readonly photos: LeasedPhotos;
  readonly catalogue: Pick<Catalogue, 'get' | 'during'>;
  /** Where photos that are opened for a job keep their pixels: gone with the engine. */
  readonly scratchFolder: string;
  /** Of Enlarger. */
  readonly version: string;
  /** Milliseconds between two marks in the ledger; undefined: as usual. */
  readonly markEveryMs?: number | undefined;
  /** What enlarging took and where it ran, for the method's card. */
  readonly onPace: (method: Method, scale: number, seconds: number, megapixels: number) => void;
  readonly onDevice: (method: Method, device: RealDevice) => void;
}

/** Enlarges a photo, or a region of it, into a file that appears whole or not at all. */
export function upscaleKind(parts: UpscaleParts): JobKind<'upscale'> {
  return {
    begin: async (order, client, makeFolder) => {
      const { photo: token, method } = order.enlargement;
      parts.catalogue.get(method.id, method.sum); // throws where there is none
      const held = leaseOf(parts.photos, client, token);
      const { path, temporary, info } = held.photo;
      try {
        // The folder is there from the start: pixels go into it, and what a page sent is kept in it.
        const folder = await makeFolder();
        const kept = temporary ? await keepPhoto(path, folder) : path;
        const source = { path: kept, name: info.name, kept: temporary };
        return new Upscale({ order, source, from: process.cwd() }, parts, held);
      } catch (error) {
        await held.end();
        throw error;
      }
    },
    revive: (stored, { folder, output, anew }: Revival) => {
      const found = readBy(storedOrderSchema, stored, 'order of a job');
      const { source, order, from } = found;
      const { enlargement } = order;
      const method = anew ? { id: enlargement.method.id } : enlargement.method;
      return new Upscale(
        {
          order: { ...order, enlargement: { ...enlargement, method }, output: output ?? order.output },
          source: source.kept ? { ...source, path: join(folder, KEPT_PHOTO) } : source,
          from,
        },
        parts,
      );
    },
  };
}

/** What is settled before the first tile. */
interface Prepared {
  readonly photo: FilePhoto;
  /** As the file will have it. */
  readonly metadata: PhotoMetadata;
  readonly method: Method;
  readonly part: Rect<'output'>;
  readonly tiles: TilePlan<'output'>;
  readonly layout: PixelLayout;
  readonly encoding: EncodingPlan;
}

class Upscale implements Work<'upscale'> {
  readonly title: string;
  readonly path: string;

  constructor(
    readonly stored: StoredOrder,
    private readonly parts: UpscaleParts,
    private held?: HeldPhoto,
  ) {
    this.title = stored.source.name;
    this.path = resolve(outputOf(stored).path);
  }

  reached(marks: readonly unknown[]): JobProgress | null {
    const { plan, tiles } = reachedBy(marks);
    if (!plan) return null;
    return { stage: 'enlarge', done: tiles.size, total: plan.tiles, secondsLeft: null };
  }

  async check(marks: readonly unknown[]): Promise<void> {
    const { plan } = reachedBy(marks);
    const { order, source } = this.stored;
    const stamp = await stampOf(this.stored);
    const method = this.parts.catalogue.get(order.enlargement.method.id);
    if (!plan) return;
    const changed = (what: string): never => {
      throw new FaultError(
        'bad-option',
        `Expected ${what} as it was when the job began, but it has changed since; begin the job anew, or drop it.`,
        { file: source.name },
      );
    };
    if (stamp.bytes !== plan.photo.bytes || stamp.changedAt !== plan.photo.changedAt) changed(source.name);
    if (method.card.sum !== plan.method) changed(`the method ${method.id}`);
    if (plan.version !== this.parts.version) changed('Enlarger');
  }

  async release(): Promise<void> {
    const { held } = this;
    this.held = undefined;
    await held?.end();
  }

  clear(marks: readonly unknown[]): Promise<void> {
    return removeLeftovers(reachedBy(marks));
  }

  run(job: LastingJob): Promise<UpscaleDone> {
    const { id, sum } = this.stored.order.enlargement.method;
    // A method that goes while it is in use stays until it is not.
    return this.parts.catalogue.during(id, sum, (method) => this.enlarge(method, job));
  }

  private async enlarge(method: Method, job: LastingJob): Promise<UpscaleDone> {
    const started = performance.now();
    const reached = reachedBy(job.marks);
    await removeLeftovers(reached);
    const held = await this.hold(job.signal);
    try {
      const prepared = await this.prepare(held.photo, method, reached, job);
      const devices = new Set<string>(reached.devices);
      const { canvas, isOld } = await this.openCanvas(prepared, reached, devices, job);
      try {
        await this.fill(canvas, prepared, isOld ? reached : undefined, devices, job);
        const flaws = await held.photo.flaws(job.signal);
        const notes = await this.encode(canvas, prepared, reached, job);
        const { width, height } = prepared.part;
        return {
          width,
          height,
          seconds: (isOld ? reached.seconds : 0) + (performance.now() - started) / 1e3,
          device: [...devices].join(' + ') || 'cpu',
          // What 16 bits lost to 8 is known to the plan alone: the scratch has 8 already.
          notes: [...new Set([...flaws, ...prepared.encoding.notes, ...notes])],
          ...(canvas.map && { invented: canvas.strength }),
        };
      } finally {
        await canvas.close();
      }
    } finally {
      await held.end();
    }
  }

  /** The photo: as it is open already, or opened anew. */
  private async hold(signal: AbortSignal): Promise<HeldPhoto> {
    const { held, parts, stored } = this;
    this.held = undefined;
    if (held) return held;
    const { scratchFolder } = parts;
    const photo = await parts.files.openPhoto(sourcePath(stored), {
      name: stored.source.name,
      scratchFolder,
      signal,
    });
    return { photo, end: () => photo.close() };
  }

  /** Everything that can be known before any work is checked here. */
  private async prepare(
    photo: FilePhoto,
    method: Method,
    reached: Reached,
    job: LastingJob,
  ): Promise<Prepared> {
    const { files } = this.parts;
    const { order } = this.stored;
    const { channels, info } = photo;
    const { region, scale } = order.enlargement;
    const part = orderedPart(region, info, scale);
    const made = { version: this.parts.version, method: method.card.id, scale };
    const metadata = enlargedMetadata(photo.metadata, { part, made, encoding: order.encoding });
    const encoding = files.planEncoding(order.encoding, { channels, depth: info.depth, metadata }, part);
    const { path, invented, overwrite } = outputOf(this.stored);
    for (const target of invented === undefined ? [path] : [path, invented]) {
      if (!(await isPlaced(reached, target)))
        await files.expectPlace(target, overwrite, photo.path, onStaging(job));
    }
    const { width, height } = part;
    const layout: PixelLayout = { width, height, channels, depth: encoding.depth };
    if (!reached.plan) await files.expectRoom(path, order.encoding.format, layout, photo.scratchFolder);
    // An earlier run's tiles go on, whatever this engine would choose.
    const tiles = planTiles(part, reached.plan?.tileSide ?? method.tileSide(scale));
    return { photo, metadata, method, part, tiles, layout, encoding };
  }

  private async openCanvas(
    { photo, method, tiles, layout }: Prepared,
    reached: Reached,
    devices: ReadonlySet<string>,
    job: LastingJob,
  ): Promise<{ canvas: Canvas; isOld: boolean }> {
    const { files, version, markEveryMs } = this.parts;
    const { order } = this.stored;
    const withMap = order.output.invented !== undefined;
    const { plan } = reached;
    await this.tidy(job.folder, plan ? [...plan.scratch, ...plan.map] : []);
    const old = plan && (await oldScratches(layout, plan, withMap, job.folder, files));
    const parts = { plan: tiles, devices, markEveryMs };
    if (old) return { canvas: new Canvas(job, { ...parts, ...old, reached }), isOld: true };
    const fresh = await newScratches(layout, withMap, job.folder, files);
    const planned: UpscaleMark = {
      mark: 'planned',
      version,
      photo: this.stored.source.kept ? await stampOf(this.stored) : photo.stamp,
      method: method.card.sum,
      tileSide: reached.plan?.tileSide ?? method.tileSide(order.enlargement.scale),
      tiles: tileCount(tiles),
      scratch: fresh.picture.names,
      map: fresh.map?.names ?? [],
    };
    await job.mark(planned);
    const nothing = { tiles: new Set<number>(), squares: 0, seconds: 0 };
    return { canvas: new Canvas(job, { ...parts, ...fresh, reached: nothing }), isOld: false };
  }

  /** Removes what an engine that died left in the job's folder and nothing needs. */
  private async tidy(folder: string, needed: readonly string[]): Promise<void> {
    const names = await readdir(folder).catch(() => []);
    const spent = names.filter((name) => name.startsWith('scratch-') && !needed.includes(name));
    for (const name of spent) await rm(join(folder, name), { force: true });
  }

  private async fill(
    canvas: Canvas,
    { photo, method, part, tiles, layout }: Prepared,
    reached: Reached | undefined,
    devices: Set<string>,
    job: LastingJob,
  ): Promise<void> {
    const { order } = this.stored;
    const { pixels, onPace, onDevice } = this.parts;
    const { scale, options } = order.enlargement;
    // Devices round differently: an earlier run's goes on where one was found by itself.
    const [first, second] = [...(reached?.devices ?? [])];
    const before = second === undefined ? (first as RealDevice | undefined) : undefined;
    const runSettings: RunSettings = {
      ...options,
      device: order.device === 'auto' ? (before ?? 'auto') : order.device,
      patient: true,
      onDevice: (device) => {
        devices.add(device);
        onDevice(method, device);
      },
    };
    const finish: Finish<'bytes' | 'words'> = { to: layout.depth === 16 ? 'words' : 'bytes' };
    // A photo without colour is enlarged as grey; its file has three equal channels, as the photo.
    const isNeutral = await photo.neutral(job.signal);
    const seen = isNeutral ? asGrey(photo) : photo;
    const asStored = (samples: Samples): Samples =>
      isNeutral ? inColours(samples, layout.channels) : samples;
    const from = performance.now();
    await makeTiles(
      tiles,
      job,
      async (output, index, endTurn, signal) => {
        const request = { photo: seen, scale, output, runSettings, signal };
        if (canvas.map) {
          const { tile, map, squares } = await enlargeWithMap(method, request, finish, pixels).finally(
            endTurn,
          );
          await canvas.write(output, index, { samples: asStored(tile), map: { samples: map, squares } });
        } else {
          const samples = await method.enlarge(request, finish).finally(endTurn);
          await canvas.write(output, index, { samples: asStored(samples) });
        }
      },
      {
        already: new Set(canvas.marked),
        onDone: (done, total) => job.progress('enlarge', done, total),
      },
    );
    await canvas.finish();
    const isPlain = !options.ensemble && !options.consistent && !canvas.map;
    if (isPlain && !reached && !job.wasPaused) {
      onPace(method, scale, (performance.now() - from) / 1e3, area(part) / 1e6);
    }
  }

  /** Writes the files that are not in place yet; sentences about what their formats could not keep. */
  private async encode(
    canvas: Canvas,
    { photo, metadata }: Prepared,
    reached: Reached,
    job: LastingJob,
  ): Promise<string[]> {
    const { encoding } = this.stored.order;
    const { path, invented, overwrite } = outputOf(this.stored);
    const mark = (one: UpscaleMark): Promise<void> => job.mark(one);
    const placing = (target: string) => ({
      overwrite,
      source: photo.path,
      signal: job.signal,
      onStaging: onStaging(job),
      onPlacing: (file: Extract<UpscaleMark, { mark: 'placing' }>['file']) =>
        mark({ mark: 'placing', target: resolve(target), file }),
    });
    const { encodePhoto } = this.parts.files;
    const notes: string[] = [];
    job.progress('encode', 0, 100);
    if (!(await isPlaced(reached, path))) {
      const encoded = await encodePhoto(canvas.picture, metadata, encoding, path, {
        ...placing(path),
        onProgress: (fraction) => job.progress('encode', Math.round(fraction * 100), 100),
      });
      notes.push(...encoded.notes);
    }
    if (canvas.map && invented !== undefined && !(await isPlaced(reached, invented))) {
      const plain = { density: metadata.density };
      await encodePhoto(canvas.map, plain, { format: 'png' }, invented, placing(invented));
    }
    return notes;
  }
}

/** Puts a folder beside an output into the ledger before it is made. */
const onStaging =
  (job: LastingJob) =>
  (folder: string): Promise<void> => {
    const mark: UpscaleMark = { mark: 'staging', folder: resolve(folder) };
    return job.mark(mark);
  };
