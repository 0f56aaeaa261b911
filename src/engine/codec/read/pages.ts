import type { Metadata } from 'sharp';
import { EMBEDDED, PAGES_MAX, type Page } from '../../../shared/contract';
import { FaultError } from '../../../shared/faults';
import { FORMATS, namesOf, type InputFormat } from '../../../shared/formats';
import type { Size } from '../../../shared/geometry';
import type { ReadAt } from '../containers/byteSource';
import { chunkData, readChunks } from '../containers/pngChunks';

/** Formats whose pages or frames can be opened one by one: of the others libvips gives the first alone. */
const PAGED: readonly InputFormat[] = ['tiff', 'gif', 'webp'];

const noPage = (page: number, name: string, found: string): FaultError =>
  new FaultError('bad-option', `Expected a page ${page} of ${name}, but ${found}; choose another page.`, {
    file: name,
  });

/** Throws `bad-option` for a page or frame behind the first, of a format that has no others to open. */
export function expectPaged(page: Page, format: InputFormat, name: string): void {
  if (page === EMBEDDED) {
    if (format === 'raw') return;
    throw new FaultError(
      'bad-option',
      `Expected camera raw in ${name}, whose embedded JPEG was asked for, found ${FORMATS[format].name}; leave the page out.`,
      { file: name },
    );
  }
  if (page === 1 || PAGED.includes(format)) return;
  throw noPage(
    page,
    name,
    `its pages or frames cannot be opened one by one (${FORMATS[format].name}), only those of ${namesOf(PAGED, 'and')}`,
  );
}

/** The page or frame of a file that libvips is to read, from 0; the JPEG in camera raw is a file of its own. */
export const indexOf = (page: Page): number => (page === EMBEDDED ? 0 : page - 1);

/** Throws `bad-option` for a page or frame (from 1) that the file does not have. */
export function expectPage(page: number, { pages = 1 }: Metadata, name: string): void {
  if (page <= pages) return;
  throw noPage(page, name, pages === 1 ? 'it has only one' : `it has ${pages}`);
}

/** How many pages or frames of a file can be opened. */
export const pagesOf = ({ pages = 1 }: Metadata, format: InputFormat): number =>
  PAGED.includes(format) ? Math.min(Math.max(1, pages), PAGES_MAX) : 1;

/** What is said of the JPEG in camera raw: whose work it is, and where it is smaller than what LibRaw develops. */
export function embeddedNote(size: Size, developed: Size): string {
  const says = 'This is the JPEG that the camera made of the raw photo';
  // Cameras cut a few pixels more than LibRaw from the edges of the sensor.
  return size.width >= 0.9 * developed.width
    ? `${says}.`
    : `${says}: ${size.width} x ${size.height} pixels, while developing gives ${developed.width} x ${developed.height}.`;
}

/** Frames of an animated PNG, of which libvips knows nothing; undefined for all else. */
export async function framesOf(read: ReadAt, format: InputFormat): Promise<number | undefined> {
  if (format !== 'png') return undefined;
  const control = (await readChunks(read)).find(({ type }) => type === 'acTL');
  const data = control && (await chunkData(read, control));
  return data?.length === 8 ? data.readUInt32BE(0) : undefined;
}

/** What is said of a file of several: which of its pages or frames (from 1) this is. */
export function pageNotes(
  { pages: counted, format }: Metadata,
  page: number,
  frames: number | undefined,
): string[] {
  const pages = frames ?? counted;
  if (pages === undefined || pages < 2) return [];
  const what = format === 'tiff' ? 'page' : 'frame';
  return [
    page === 1
      ? `The file holds ${pages} ${what}s; only the first is opened.`
      : `The file holds ${pages} ${what}s; this is ${what} ${page}.`,
  ];
}
