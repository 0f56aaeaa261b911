import { FaultError } from '../../../shared/faults';
import type { SheetCrop, SheetDocument } from '../../../shared/sheet';
import type { Method } from '../../methods/method';
import type { Turned } from './enlarged';
import type { Subject } from './subject';

/** Throws `photo-changed` where a photo or a reference is not the file that the document was made of. */
export function expectSame(document: SheetDocument, subjects: readonly Subject[]): void {
  document.photos.forEach((asked, k) => {
    const { photo, sha256, reference } = subjects[k]!;
    const pairs = [
      [asked, sha256, photo.info.name],
      [asked.reference, reference?.sha256, reference?.photo.info.name],
    ] as const;
    for (const [wanted, found, name] of pairs) {
      if (wanted?.sha256 === undefined || wanted.sha256 === found) continue;
      throw new FaultError(
        'photo-changed',
        `Expected ${wanted.name} as it was when the sheet was made (SHA-256 ${wanted.sha256.slice(0, 16)}), ` +
          `received ${name ?? 'nothing'} (${found?.slice(0, 16) ?? 'none'}); give the same file, or make a new sheet.`,
        { file: name ?? wanted.name },
      );
    }
  });
}

/** The document with what is known once its photos are open and its methods found. */
export function settled(
  document: SheetDocument,
  subjects: readonly Subject[],
  methods: readonly Turned[],
  crops: readonly SheetCrop[],
  version: string,
): SheetDocument {
  return {
    ...document,
    version,
    photos: subjects.map(({ photo: { info }, sha256, reference }) => ({
      name: info.name.split(/[/\\]/).at(-1)!,
      sha256,
      width: info.width,
      height: info.height,
      ...(info.page !== 1 && { page: info.page }),
      ...(reference && {
        reference: { name: reference.photo.info.name.split(/[/\\]/).at(-1)!, sha256: reference.sha256 },
      }),
    })),
    crops: [...crops],
    methods: document.methods.map((method, k) => ({ ...method, sum: methods[k]!.method.card.sum })),
  };
}

/** The document with what the methods of its plot are called; those that are gone keep their ids, named ones their names. */
export function namedTradeoff(document: SheetDocument, methods: readonly Method[]): SheetDocument {
  const { tradeoff } = document;
  if (!tradeoff) return document;
  const names = new Map(methods.map(({ id, card }) => [id, card.name]));
  const scales = tradeoff.scales.map(({ scale, points }) => ({
    scale,
    points: points.map((point) => ({
      ...point,
      name: point.name ?? names.get(point.method) ?? point.method,
    })),
  }));
  return { ...document, tradeoff: { ...tradeoff, scales } };
}
