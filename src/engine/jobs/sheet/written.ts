import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { zipSync, type Zippable } from 'fflate';
import type { SheetFormat } from '../../../shared/sheet';
import { unwritable } from '../../codec/fileFaults';
import { encodeFrames, encodePicture, encodeSheet } from '../../codec/write/sheetFiles';
import { placeBytes, type BytesPlace } from '../../codec/write/placeBytes';
import { EMBEDDED_KEY, embeddedText, embeddedXmp, gifComment } from '../../sheets/embedded';
import { paintPictures } from '../../sheets/canvas';
import type { Drawing, SheetPictures } from '../../sheets/drawing';
import { loadFonts, type Fonts } from '../../sheets/fonts';
import { blinkFrames } from '../../sheets/layout/blink';
import { layOut } from '../../sheets/layout/sheet';
import { htmlOf } from '../../sheets/write/html';
import { latexOf } from '../../sheets/write/latex';
import { overlaySvg } from '../../sheets/write/overlay';
import { pdfOf } from '../../sheets/write/pdf';
import { svgOf, type PictureFiles } from '../../sheets/write/svg';
import type { RenderedSheet } from './make';

export async function pictureFiles(pictures: SheetPictures): Promise<PictureFiles> {
  const files = new Map<string, Buffer>();
  for (const [key, picture] of pictures) files.set(key, await encodePicture(picture));
  return files;
}

/** A sheet as files: its own, and what belongs beside it by name. */
interface Files {
  readonly main: Buffer;
  readonly beside: ReadonlyMap<string, Buffer>;
  readonly notes: readonly string[];
}

const alone = (main: Buffer | string, notes: readonly string[] = []): Files => ({
  main: Buffer.from(main),
  beside: new Map(),
  notes,
});

/** Milliseconds that a frame of a moving sheet stays. */
const BLINK_MS = 1200;

async function asPng(
  rendered: RenderedSheet,
  drawing: Drawing,
  fonts: Fonts,
  embedded: string,
): Promise<Buffer> {
  const { width, height, density, background } = drawing;
  const rgba = paintPictures(drawing, rendered.pictures);
  const overlay = overlaySvg(drawing, fonts);
  const sheet = { width, height, density, rgba, overlay, isOpaque: background !== null };
  return encodeSheet(sheet, { key: EMBEDDED_KEY, text: embedded });
}

async function asBlink(
  rendered: RenderedSheet,
  format: 'gif' | 'webp',
  fonts: Fonts,
  embedded: string,
): Promise<Files> {
  const frames = blinkFrames(rendered.content, fonts.measure).map(({ drawing }) => ({
    width: drawing.width,
    height: drawing.height,
    rgba: paintPictures(drawing, rendered.pictures),
    overlay: overlaySvg(drawing, fonts),
  }));
  const file = await encodeFrames(frames, format, { delay: BLINK_MS, xmp: embeddedXmp(embedded) });
  if (format === 'webp') return alone(file);
  const end = file.length - 1; // the trailer
  const commented = Buffer.concat([file.subarray(0, end), gifComment(embedded), file.subarray(end)]);
  return alone(commented, [
    'GIF has 256 colours in each frame: figures are right, fine tones are not; WebP keeps all.',
  ]);
}

async function asLatex(
  rendered: RenderedSheet,
  drawing: Drawing,
  fonts: Fonts,
  embedded: string,
): Promise<Files> {
  // Named by what made the sheet, so that the text is the same whatever the file is called.
  const sum = createHash('sha256').update(embedded).digest('hex');
  const folder = `sheet-${sum.slice(0, 8)}`;
  const fileOf = (picture: string): string => `${folder}/${picture}.png`;
  const files = await pictureFiles(rendered.pictures);
  return {
    main: Buffer.from(latexOf(drawing, fileOf, { embedded, measure: fonts.measure }), 'utf8'),
    beside: new Map([...files].map(([key, file]) => [fileOf(key), file])),
    notes: [],
  };
}

async function filesOf(rendered: RenderedSheet, format: SheetFormat, version: string): Promise<Files> {
  const fonts = await loadFonts();
  const embedded = embeddedText(rendered.document);
  if (format === 'gif' || format === 'webp') return asBlink(rendered, format, fonts, embedded);
  const drawing = layOut(rendered.content, fonts.measure);
  if (format === 'png') return alone(await asPng(rendered, drawing, fonts, embedded));
  if (format === 'tex') return asLatex(rendered, drawing, fonts, embedded);
  const title = titleOf(rendered);
  const files = await pictureFiles(rendered.pictures);
  if (format === 'pdf') return alone(await pdfOf(drawing, files, fonts, { title, embedded, version }));
  const svg = await svgOf(drawing, files, fonts, { title, embedded });
  return alone(format === 'svg' ? svg : htmlOf(rendered.content, drawing, svg, files, title));
}

const titleOf = ({ content, document }: RenderedSheet): string =>
  content.style.title || document.photos.map(({ name }) => name).join(', ');

/** A sheet as SVG, for the screen. */
export async function sheetSvg(rendered: RenderedSheet): Promise<string> {
  const fonts = await loadFonts();
  const files = await pictureFiles(rendered.pictures);
  const names = { title: titleOf(rendered), embedded: embeddedText(rendered.document) };
  return svgOf(layOut(rendered.content, fonts.measure), files, fonts, names);
}

/** A sheet's file, or with `packedAs` the archive of a sheet of that name. */
export interface SheetTarget {
  readonly format: SheetFormat;
  readonly path: string;
  readonly packedAs?: string | undefined;
}

/** Of every entry of an archive: the same files make the same archive, whenever it is made. */
const ENTRY_TIME = new Date(1980, 0, 1);

/** The files as one ZIP archive; pictures are compressed already. */
function packed({ main, beside }: Files, name: string): Buffer {
  const entries = Object.fromEntries([
    [name, [main, { mtime: ENTRY_TIME }]],
    ...[...beside].map(([path, bytes]) => [path, [bytes, { mtime: ENTRY_TIME, level: 0 }]]),
  ]) as Zippable;
  return Buffer.from(zipSync(entries));
}

/** What was written. */
export interface Written {
  readonly bytes: number;
  /** Names of files beside it that belong to it. */
  readonly beside: string[];
  /** Sentences about what the format could not keep. */
  readonly notes: string[];
}

/**
 * Writes a sheet, and first what belongs beside it, all or nothing: where a file could not be written those that
 * were are removed again. The bytes are the same for the same sheet, whoever asks.
 */
export async function writeSheet(
  rendered: RenderedSheet,
  { format, path, packedAs }: SheetTarget,
  where: BytesPlace,
  version: string,
): Promise<Written> {
  const files = await filesOf(rendered, format, version);
  const { main, beside, notes } =
    packedAs === undefined ? files : alone(packed(files, packedAs), files.notes);
  const targets = [...beside].map(([name, bytes]) => ({ path: join(dirname(path), name), bytes }));
  const folders = [...new Set(targets.map((target) => dirname(target.path)))];
  const isNew = folders.filter((folder) => !existsSync(folder));
  const placed: string[] = [];
  try {
    for (const folder of folders) {
      await mkdir(folder, { recursive: true }).catch((error: unknown) => {
        throw unwritable(folder, error);
      });
    }
    for (const target of targets) {
      const replaces = existsSync(target.path);
      await placeBytes(target.bytes, target.path, where);
      if (!replaces) placed.push(target.path);
    }
    await placeBytes(main, path, where);
  } catch (error) {
    for (const file of placed) await rm(file, { force: true });
    for (const folder of isNew) await rm(folder, { recursive: true, force: true });
    throw error;
  }
  return { bytes: main.length, beside: [...beside.keys()], notes: [...notes] };
}
