import { resolve } from 'node:path';
import type { JobOrder, SheetDone } from '../../../shared/contract';
import { FaultError } from '../../../shared/faults';
import { sheetFormatOf, SHEET_FORMATS, type SheetFormat } from '../../../shared/sheet';
import type { FilePhoto } from '../../codec/read/open';
import { expectBytesPlace } from '../../codec/write/placeBytes';
import type { Client } from '../../schedule/client';
import type { LastingJob } from '../job';
import type { JobKind, Work } from '../kind';
import { sumOfPhoto } from '../photoSum';
import { leaseTogether, type LeasedPhotos } from '../upscale/source';
import { makeSheet, type SheetParts } from './make';
import type { Subject } from './subject';
import { writeSheet } from './written';

export interface SheetKindParts extends SheetParts {
  readonly photos: LeasedPhotos;
}

/** Open photos of a sheet; `end` must be called when they are not needed any more. */
export interface HeldPhotos {
  readonly photos: readonly { readonly photo: FilePhoto; readonly reference?: FilePhoto }[];
  end(): void;
}

/** A sheet's photos, kept open. Throws `unknown-photo`, `bad-option` where there are not as many as the document has. */
export function holdPhotos(
  leased: LeasedPhotos,
  client: Pick<Client, 'id'>,
  { document, photos: tokens }: Pick<JobOrder<'sheet'>, 'document' | 'photos'>,
): HeldPhotos {
  if (tokens.length !== document.photos.length) {
    throw new FaultError(
      'bad-option',
      `Expected the ${document.photos.length} photos that the sheet names, received ${tokens.length}.`,
    );
  }
  const missing = document.crops.find(({ photo }) => photo >= tokens.length);
  if (missing) {
    throw new FaultError(
      'bad-option',
      `Expected crops of the ${tokens.length} photos that the sheet has, received one of photo ${missing.photo + 1}.`,
    );
  }
  const { chosen, end } = leaseTogether(leased, client, (lease) => {
    const photos = tokens.map(({ photo, reference }) => ({
      photo: lease(photo),
      ...(reference === undefined ? {} : { reference: lease(reference) }),
    }));
    if (document.truth === 'reference' && photos.some(({ reference }) => !reference)) {
      throw new FaultError('bad-option', 'Expected a reference for every photo of the sheet.');
    }
    return photos;
  });
  return { photos: chosen, end };
}

/** Photos with their sums. */
export function subjectsOf({ photos }: HeldPhotos, signal: AbortSignal): Promise<Subject[]> {
  return Promise.all(
    photos.map(async ({ photo, reference }) => ({
      photo,
      sha256: await sumOfPhoto(photo, signal),
      ...(reference && { reference: { photo: reference, sha256: await sumOfPhoto(reference, signal) } }),
    })),
  );
}

function formatOf(path: string): SheetFormat {
  const format = sheetFormatOf(path);
  if (format) return format;
  throw new FaultError(
    'unsupported-format',
    `Expected a sheet's name to end in ${SHEET_FORMATS.map((one) => `.${one}`).join(', ')}, received ${path}.`,
    { file: path },
  );
}

/** Makes a sheet into a file that appears whole or not at all; ends with its engine. */
export const sheetKind = (parts: SheetKindParts): JobKind<'sheet'> => ({
  begin: (order, client) => {
    const format = order.output.format ?? formatOf(order.output.path);
    const held = holdPhotos(parts.photos, client, order);
    return Promise.resolve(new SheetWork(order, format, held, parts));
  },
});

class SheetWork implements Work<'sheet'> {
  readonly title: string;
  readonly path: string;

  constructor(
    private readonly order: JobOrder<'sheet'>,
    private readonly format: SheetFormat,
    private readonly held: HeldPhotos,
    private readonly parts: SheetKindParts,
  ) {
    this.title = held.photos[0]!.photo.info.name;
    this.path = resolve(order.output.path);
  }

  release(): Promise<void> {
    this.held.end();
    return Promise.resolve();
  }

  async run(job: LastingJob): Promise<SheetDone> {
    const started = performance.now();
    const { output, document } = this.order;
    const { photos } = this.held;
    const sources = photos.flatMap(({ photo, reference }) => [
      photo.path,
      ...(reference ? [reference.path] : []),
    ]);
    const where = { overwrite: output.overwrite, sources };
    await expectBytesPlace(output.path, where);
    const subjects = await subjectsOf(this.held, job.signal);
    const sheet = await makeSheet(document, subjects, this.parts, job, { measures: true });
    job.progress('encode', 0, 1);
    const { bytes, beside, notes } = await writeSheet(
      sheet,
      { format: this.format, path: output.path, packedAs: output.packed?.as },
      where,
      this.parts.version,
    );
    job.progress('encode', 1, 1);
    const alpha = photos.filter(({ photo }) => photo.info.alpha).map(({ photo }) => photo.info.name);
    return {
      document: sheet.document,
      whole: [...sheet.whole],
      crops: [...sheet.crops],
      caption: sheet.content.caption,
      beside,
      bytes,
      seconds: (performance.now() - started) / 1e3,
      notes: [
        ...photos.flatMap(({ photo }) => photo.info.notes),
        ...(alpha.length > 0
          ? [
              `${alpha.join(', ')}: transparency is laid onto the sheet's ground, and left out of all figures.`,
            ]
          : []),
        ...notes,
      ],
    };
  }
}
