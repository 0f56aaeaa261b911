import { readFile, writeFile } from 'node:fs/promises';
import { blobsOf } from '../metadata/metadata';
import { bytesOf } from '../scratch/layout';
import { encodeHeader, encodeTrailer } from '../scratch/vipsFile';
import { decodeForeign, type ForeignFormat } from './decode';
import { NotRead } from './decoded';
import { embeddedJpeg, type EmbeddedJpeg } from './raw';
import { encodeJxl, type JxlOrder } from './wasmVips';

/** Work of a foreign decoder or encoder, for a thread of its own: files in, files out. */
export type CodecTask =
  | { readonly task: 'decode'; readonly format: ForeignFormat; readonly from: string; readonly into: string }
  /** Takes the camera's JPEG out of a raw file. */
  | { readonly task: 'embedded'; readonly from: string; readonly into: string }
  | { readonly task: 'encodeJxl'; readonly order: JxlOrder; readonly into: string };

export type CodecAnswer =
  | { readonly notes: readonly string[]; readonly embedded: boolean }
  /** Null: there is none in the file. */
  | { readonly jpeg: Omit<EmbeddedJpeg, 'bytes'> | null }
  | { readonly written: true }
  /** `notRead`: nothing is wrong with the file; else what the decoder said. */
  | { readonly notRead: string }
  | { readonly failed: string };

/** A density that a .v file must tell; no file that is written has it from there. */
const SCREEN_DENSITY = 72;

/** Carries a task out; a decoded picture is written as a .v file with what it carries. */
export async function carryOutTask(task: CodecTask): Promise<CodecAnswer> {
  try {
    if (task.task === 'encodeJxl') {
      await writeFile(task.into, await encodeJxl(task.order));
      return { written: true };
    }
    if (task.task === 'embedded') {
      const found = await embeddedJpeg(await readFile(task.from));
      if (!found) return { jpeg: null };
      const { bytes, ...jpeg } = found;
      await writeFile(task.into, bytes);
      return { jpeg };
    }
    const {
      layout,
      samples,
      icc,
      exif,
      xmp,
      embedded = false,
      notes,
    } = await decodeForeign(task.format, await readFile(task.from));
    const carried = { density: null, ...(icc && { icc }), ...(exif && { exif }), ...(xmp && { xmp }) };
    const parts = [encodeHeader(layout, SCREEN_DENSITY), bytesOf(samples), encodeTrailer(blobsOf(carried))];
    await writeFile(task.into, Buffer.concat(parts));
    return { notes, embedded };
  } catch (error) {
    if (error instanceof NotRead) return { notRead: error.message };
    return { failed: error instanceof Error ? error.message : String(error) };
  }
}
