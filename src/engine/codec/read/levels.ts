import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Size } from '../../../shared/geometry';
import type { Decoding } from './decoding';
import { unreadable } from './decodeFaults';
import { decoderOf, type Source } from './source';
import { colourspaceOf, type PixelLayout } from '../scratch/layout';
import { sharp, withTurn } from '../vips';

/** Long side of the coarsest level, pixels. */
const COARSEST_PIXELS = 256;
/** From this level on libjpeg can leave out the work for pixels that are not wanted (1/8 and less). */
const SHRINK_ON_LOAD_LEVEL = 3;

/** How often a picture can be halved until its long side has at most 256 pixels. */
export const levelCount = ({ width, height }: Size): number =>
  Math.max(0, Math.ceil(Math.log2(Math.max(width, height) / COARSEST_PIXELS)));

/** The layout of a photo reduced by 2^level. */
export const levelLayout = (of: PixelLayout, level: number): PixelLayout => ({
  ...of,
  width: Math.ceil(of.width / 2 ** level),
  height: Math.ceil(of.height / 2 ** level),
});

interface Level {
  readonly path: string;
  readonly file: FileHandle;
}

/** A photo's reduced copies, each made when it is first asked for and kept as a .v file of its own. */
export class Levels {
  private readonly cached = new Map<number, Promise<Level>>();
  private readonly done = new Map<number, string>();

  constructor(
    private readonly source: Source,
    private readonly decoding: Decoding,
    private readonly folder: string,
  ) {}

  async handle(level: number): Promise<FileHandle> {
    let making = this.cached.get(level);
    if (!making) {
      making = this.make(level);
      this.cached.set(level, making);
      making.catch(() => this.cached.delete(level));
    }
    return (await making).file;
  }

  async close(): Promise<void> {
    const levels = await Promise.allSettled(this.cached.values());
    for (const level of levels) if (level.status === 'fulfilled') await level.value.file.close();
  }

  private async make(level: number): Promise<Level> {
    const quick = this.source.format === 'jpeg' && level >= SHRINK_ON_LOAD_LEVEL && !this.decoding.isWhole;
    if (!quick) await this.decoding.waitForAll();
    const { width, height, ...layout } = levelLayout(this.source.layout, level);
    const path = join(this.folder, `level-${level}.v`);
    const finer = quick ? decoderOf(this.source) : this.nearestFiner(level);
    try {
      await withTurn(() =>
        finer
          .resize(width, height, { fit: 'fill' })
          .toColourspace(colourspaceOf({ width, height, ...layout }))
          .toFile(path),
      );
    } catch (error) {
      // Where the photo itself proves damaged, that fault is the one to tell.
      await this.decoding.waitForAll();
      throw unreadable(this.source.name, error);
    }
    this.done.set(level, path);
    return { path, file: await open(path, 'r') };
  }

  private nearestFiner(level: number): ReturnType<typeof sharp> {
    const path = [...this.done].filter(([at]) => at < level).sort(([a], [b]) => b - a)[0]?.[1];
    return sharp(path ?? this.decoding.path, { limitInputPixels: false, ignoreIcc: true });
  }
}
