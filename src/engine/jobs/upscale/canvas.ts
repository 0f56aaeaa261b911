import { area, rect, type Rect } from '../../../shared/geometry';
import type { TilePlan } from '../../../shared/tiles';
import type { Scratch } from '../../codec/scratch/scratch';
import type { PixelLayout, Samples } from '../../codec/scratch/layout';
import type { LastingJob } from '../job';
import type { UpscaleFiles } from './files';
import type { Reached, UpscaleMark } from './marks';

/** A death costs at most the work since the last mark. */
const MARK_EVERY_MS = 250;

/** ENLARGER_MARK_MS: milliseconds between two marks, 0 for one with every tile; undefined: as usual. */
export function markEveryOf(env: NodeJS.ProcessEnv): number | undefined {
  const ms = Number(env['ENLARGER_MARK_MS'] ?? NaN);
  return ms >= 0 && Number.isFinite(ms) ? ms : undefined;
}

/** A mark costs a sync of the pixels: on a slow disk marks are so far apart that they take this share of the time. */
const MARKING_SHARE = 0.05;

export interface CanvasParts {
  readonly plan: TilePlan<'output'>;
  readonly picture: Scratch;
  /** Where the map of what was invented is gathered, where it was ordered. */
  readonly map: Scratch | undefined;
  readonly reached: Pick<Reached, 'tiles' | 'squares' | 'seconds'>;
  /** Devices that made tiles. */
  readonly devices: ReadonlySet<string>;
  /** Milliseconds between two marks; undefined: as usual. */
  readonly markEveryMs?: number | undefined;
}

/** A tile's pixels, and its map of what was invented. */
export interface FinishedTile {
  readonly samples: Samples;
  readonly map?: { readonly samples: Uint8Array<ArrayBuffer>; readonly squares: number };
}

/**
 * The pixels of an enlargement on disk, tile by tile. Now and then it marks in the ledger which tiles are
 * there; their pixels are brought to the disk before, so that a mark is true even after a power cut.
 */
export class Canvas {
  /** Tiles that are marked. */
  readonly marked: Set<number>;
  private readonly indexAt = new Map<string, number>();
  private readonly squaresOf = new Map<number, number>();
  /** Tiles by how many of the files they are in. */
  private readonly stored = new Map<number, number>();
  private unmarked: number[] = [];
  private squares: number;
  private markedAt = performance.now();
  private markAfterMs: number;
  private marking: Promise<void> = Promise.resolve();

  constructor(
    private readonly job: Pick<LastingJob, 'mark'>,
    private readonly parts: CanvasParts,
  ) {
    this.marked = new Set(parts.reached.tiles);
    this.squares = parts.reached.squares;
    this.markAfterMs = this.markEveryMs;
    for (const scratch of this.scratches) {
      scratch.onStored = (tiles) => tiles.forEach((tile) => this.noteStored(tile));
    }
  }

  get picture(): Scratch {
    return this.parts.picture;
  }

  get map(): Scratch | undefined {
    return this.parts.map;
  }

  /** Root mean square of the invented part, in steps of 8 bits. */
  get strength(): number {
    return 255 * Math.sqrt(this.squares / area(this.parts.picture));
  }

  /** Puts a tile where it belongs; `output` and `index` as the plan has them. */
  async write(output: Rect<'output'>, index: number, { samples, map }: FinishedTile): Promise<void> {
    const { area: whole } = this.parts.plan;
    const at = rect(output.x - whole.x, output.y - whole.y, output.width, output.height);
    this.indexAt.set(keyOf(at), index);
    if (map) {
      this.squaresOf.set(index, map.squares);
      this.squares += map.squares;
    }
    await this.picture.write(at, samples);
    if (map) await this.map!.write(at, map.samples);
    if (this.isMarkDue) await this.markTiles();
  }

  /** All tiles are written: everything is in the files, and marked where it was worth marking before. */
  async finish(): Promise<void> {
    for (const scratch of this.scratches) await scratch.flush();
    if (this.isMarkDue || this.marked.size > 0) await this.markTiles();
    await this.marking;
  }

  /** Removes the files. */
  async close(): Promise<void> {
    await this.marking.catch(() => undefined);
    for (const scratch of this.scratches) await scratch.close();
  }

  private get markEveryMs(): number {
    return this.parts.markEveryMs ?? MARK_EVERY_MS;
  }

  private get isMarkDue(): boolean {
    return performance.now() - this.markedAt >= this.markAfterMs;
  }

  private get scratches(): Scratch[] {
    return this.parts.map ? [this.parts.picture, this.parts.map] : [this.parts.picture];
  }

  private noteStored(at: Rect): void {
    const key = keyOf(at);
    const index = this.indexAt.get(key)!;
    const files = (this.stored.get(index) ?? 0) + 1;
    this.stored.set(index, files);
    if (files < this.scratches.length) return;
    this.stored.delete(index);
    this.indexAt.delete(key);
    this.unmarked.push(index);
  }

  private markTiles(): Promise<void> {
    const tiles = this.unmarked;
    if (tiles.length === 0) return this.marking;
    this.unmarked = [];
    const seconds = (performance.now() - this.markedAt) / 1e3;
    this.markedAt = performance.now();
    const squares = tiles.reduce((sum, index) => sum + (this.squaresOf.get(index) ?? 0), 0);
    for (const index of tiles) this.squaresOf.delete(index);
    const mark: UpscaleMark = { mark: 'tiles', tiles, squares, devices: [...this.parts.devices], seconds };
    this.marking = this.marking.then(async () => {
      const from = performance.now();
      for (const scratch of this.scratches) await scratch.sync();
      await this.job.mark(mark, 'further');
      const cost = performance.now() - from;
      this.markAfterMs = this.markEveryMs === 0 ? 0 : Math.max(this.markEveryMs, cost / MARKING_SHARE);
      for (const index of tiles) this.marked.add(index);
    });
    return this.marking;
  }
}

const keyOf = ({ x, y }: Rect): string => `${x},${y}`;

/** The layouts of the picture and of its map. */
const MAP = { channels: 1, depth: 8 } as const;

/** New files in `folder`; throws `disk-full` before anything is written. */
export async function newScratches(
  layout: PixelLayout,
  withMap: boolean,
  folder: string,
  files: Pick<UpscaleFiles, 'createScratch'>,
): Promise<{ picture: Scratch; map: Scratch | undefined }> {
  const picture = await files.createScratch(layout, layout.channels, layout.depth, folder);
  try {
    const map = withMap ? await files.createScratch(layout, MAP.channels, MAP.depth, folder) : undefined;
    return { picture, map };
  } catch (error) {
    await picture.close();
    throw error;
  }
}

/** The files of an engine that died; undefined where they are not all there. */
export async function oldScratches(
  layout: PixelLayout,
  names: { readonly scratch: readonly string[]; readonly map: readonly string[] },
  withMap: boolean,
  folder: string,
  files: Pick<UpscaleFiles, 'reopenScratch'>,
): Promise<{ picture: Scratch; map: Scratch | undefined } | undefined> {
  const picture = await files.reopenScratch(layout, folder, names.scratch);
  if (!picture || !withMap) return picture && { picture, map: undefined };
  const map = await files.reopenScratch({ ...layout, ...MAP }, folder, names.map);
  if (!map) await picture.close();
  return map && { picture, map };
}
