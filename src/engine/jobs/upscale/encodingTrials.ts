import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DisplaySpace, Encoding, Params, Value } from '../../../shared/contract';
import { FaultError } from '../../../shared/faults';
import { area, contains, placeText, rect, wholeOf, type Rect, type Size } from '../../../shared/geometry';
import type { PhotoMetadata } from '../../codec/metadata/metadata';
import { newSamples, type PixelLayout, type Samples } from '../../codec/scratch/layout';
import { asGrey, inColours } from '../../photos/neutral';
import { screenPixels } from '../../pixels/finish';
import type { Client } from '../../schedule/client';
import { NewestCalls } from '../../schedule/newestCalls';
import type { Priority, Queue } from '../../schedule/queue';
import { fileFinish } from './fileFinish';
import type { UpscaleParts } from './parts';
import { settle } from './prepare';
import { leaseOf } from './source';

/** A picture with nothing in it: what its file takes are the format's headers. Its side, pixels. */
const EMPTY_SIDE = 16;

type FileAsked = Pick<Params<'export:try'>, 'enlargement' | 'encoding'>;

/** A piece as samples of the file's own colours, and what its file is to be. */
interface EnlargedPiece {
  readonly samples: Samples;
  readonly layout: PixelLayout;
  readonly whole: Size;
  /** As the whole file will have it. */
  readonly metadata: PhotoMetadata;
  /** What its gain map will take, about. */
  readonly gainMapBytes: number;
}

/** What is asked of one file, by one client, at one time. */
interface Trial {
  readonly client: Client;
  readonly asked: FileAsked;
  readonly signal: AbortSignal;
}

/** Pieces of exports, encoded as the files would be, to be looked at and weighed: one call at a time for each client. */
export class EncodingTrials {
  private readonly trying = new NewestCalls();

  constructor(
    private readonly parts: UpscaleParts,
    private readonly queue: Queue,
  ) {}

  /** A piece to be shown. Throws `bad-region` for one outside the file, and what making and encoding throw. */
  try(client: Client, asked: Params<'export:try'>): Promise<Value<'export:try'>> {
    return this.during(client, asked, async (trial) => {
      const enlarged = await this.make(trial, asked.piece, 'view');
      return this.shown(enlarged, trial, asked.display);
    });
  }

  /** What the pixels of pieces take. Throws as `try` does. */
  weigh(client: Client, asked: Params<'export:weigh'>): Promise<Value<'export:weigh'>> {
    return this.during(client, asked, async (trial) => {
      const pixelBytes: number[] = [];
      let headers: number | undefined; // pieces of one file have the same
      for (const piece of asked.pieces) {
        const enlarged = await this.make(trial, piece, 'job');
        headers ??= await this.headerBytes(enlarged, trial);
        const { bytes } = await this.encoded(enlarged, bare(enlarged), fileOf(enlarged, trial));
        pixelBytes.push(Math.max(0, bytes - headers));
      }
      return { pixelBytes };
    });
  }

  /** Stops what is tried for a client. */
  stop(client: string): void {
    this.trying.stop(client);
  }

  private during<T>(client: Client, asked: FileAsked, work: (trial: Trial) => Promise<T>): Promise<T> {
    return this.trying.during(client, (signal) =>
      // Between its turns nothing begins that nobody waits for.
      this.queue.besides(() => work({ client, asked, signal })),
    );
  }

  private make({ client, asked, signal }: Trial, piece: Rect, priority: Priority): Promise<EnlargedPiece> {
    const { id, sum } = asked.enlargement.method;
    return this.parts.catalogue.during(id, sum, async (method) => {
      const { photo, end } = leaseOf(this.parts.photos, client, asked.enlargement.photo);
      try {
        const { part, metadata, encoding } = settle(asked, photo, method, this.parts);
        if (!contains(wholeOf(part), piece)) throw outside(piece, part);
        const { width, height } = piece;
        const output: Rect<'output'> = rect(part.x + piece.x, part.y + piece.y, width, height);
        const { scale, options } = asked.enlargement;
        const finish = await fileFinish(asked, photo, encoding.depth, this.parts);
        const isNeutral = await photo.neutral(signal);
        const runSettings = { ...options, device: 'auto', patient: false } as const;
        const request = { photo: isNeutral ? asGrey(photo) : photo, scale, output, runSettings, signal };
        const turn = { priority, client: client.id, signal };
        const enlarged = await this.queue.during(turn, () => method.enlarge(request, finish));
        const { channels } = photo;
        const layout = { width, height, channels, depth: encoding.depth };
        return {
          samples: isNeutral ? inColours(enlarged, channels) : enlarged,
          layout,
          whole: part,
          metadata,
          gainMapBytes: encoding.gainMap ? gainMapBytes(encoding.gainMap, photo.info, asked.enlargement) : 0,
        };
      } finally {
        await end();
      }
    });
  }

  /** What a file of a piece takes beside its pixels. */
  private async headerBytes(enlarged: EnlargedPiece, trial: Trial): Promise<number> {
    return (await this.encoded(emptyLike(enlarged), bare(enlarged), fileOf(enlarged, trial))).bytes;
  }

  private async shown(
    enlarged: EnlargedPiece,
    trial: Trial,
    display: DisplaySpace,
  ): Promise<Value<'export:try'>> {
    const file = fileOf(enlarged, trial);
    const read = (path: string): Promise<string> => this.displayed(path, display, trial.signal);
    const after = await this.encoded(enlarged, bare(enlarged), file, read);
    const { strip } = file.encoding;
    const lossless: Encoding = { format: 'png', depth: enlarged.layout.depth, ...(strip && { strip }) };
    const before = await this.encoded(enlarged, bare(enlarged), { ...file, encoding: lossless }, read);
    const headers = await this.headerBytes(enlarged, trial);
    const full = await this.encoded(emptyLike(enlarged), enlarged.metadata, file);
    return {
      before: before.pixels,
      after: after.pixels,
      pixelBytes: Math.max(0, after.bytes - headers),
      otherBytes: full.bytes + enlarged.gainMapBytes,
    };
  }

  /** Writes a picture as a file, looks at it, and takes it away again. */
  private async encoded(
    { samples, layout }: Pick<EnlargedPiece, 'samples' | 'layout'>,
    metadata: PhotoMetadata,
    { encoding, ...options }: TrialFile,
    read: (path: string) => Promise<string> = () => Promise.resolve(''),
  ): Promise<{ bytes: number; pixels: string }> {
    const { files, scratchFolder } = this.parts;
    const path = join(scratchFolder, `trial-${randomUUID()}`);
    const scratch = await files.createScratch(layout, layout.channels, layout.depth, scratchFolder);
    try {
      await scratch.write(rect(0, 0, layout.width, layout.height), samples);
      const { bytes } = await files.encodePhoto(scratch, metadata, encoding, path, {
        overwrite: false,
        ...options,
      });
      return { bytes, pixels: await read(path) };
    } finally {
      await scratch.close();
      await rm(path, { force: true });
    }
  }

  /** A file's pixels in the colours of a display: RGBA, base64. */
  private async displayed(path: string, display: DisplaySpace, signal: AbortSignal): Promise<string> {
    const { files, scratchFolder, tableFor } = this.parts;
    const photo = await files.openPhoto(path, { name: 'trial', scratchFolder, signal });
    try {
      const table = await tableFor(photo, display);
      const picture = await photo.read(wholeOf(photo.info), { signal });
      return screenPixels(picture, table);
    } finally {
      await photo.close();
    }
  }
}

/** The file as whose part a piece is encoded. */
interface TrialFile {
  readonly encoding: Encoding;
  readonly partOf: Size;
  readonly signal: AbortSignal;
}

const fileOf = ({ whole }: EnlargedPiece, { asked: { encoding }, signal }: Trial): TrialFile => ({
  encoding,
  partOf: whole,
  signal,
});

/** The profile by which a piece is shown, and nothing else that a file has only once, whatever its size. */
const bare = ({ metadata: { icc } }: Pick<EnlargedPiece, 'metadata'>): PhotoMetadata => ({
  ...(icc && { icc }),
  density: null,
});

function emptyLike({ layout }: Pick<EnlargedPiece, 'layout'>): Pick<EnlargedPiece, 'samples' | 'layout'> {
  const blank = { ...layout, width: EMPTY_SIDE, height: EMPTY_SIDE };
  return { samples: newSamples(blank, EMPTY_SIDE ** 2), layout: blank };
}

/** What is interpolated takes fewer bytes a pixel: measured on photos in grey at x2 to x8, this power of the scale in all. */
const INTERPOLATED_POWER = 4 / 3;

/** A gain map's bytes after enlarging, about. */
const gainMapBytes = (
  { bytes }: { readonly bytes: number },
  photo: Size,
  { scale, region = photo }: { readonly scale: number; readonly region?: Size | undefined },
): number => Math.round((bytes * scale ** INTERPOLATED_POWER * area(region)) / area(photo));

const outside = (piece: Rect, { width, height }: Size): FaultError =>
  new FaultError(
    'bad-region',
    `Expected a piece inside the ${width} x ${height} pixels of the file, received ${placeText(piece)}.`,
  );
