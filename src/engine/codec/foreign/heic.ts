import { coloursOf, readMeta } from '../containers/isoBoxes';
import { newSamples, rowBytes, bytesOf } from '../scratch/layout';
import { expectSize, NotRead, type Decoded } from './decoded';

/** The part of libheif's C interface (libheif/heif.h) that is used, as its WebAssembly build exports it. */
interface LibHeif {
  readonly HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  _heif_context_alloc(): number;
  _heif_context_read_from_memory_without_copy(
    error: number,
    context: number,
    at: number,
    bytes: number,
    options: number,
  ): void;
  _heif_context_get_primary_image_handle(error: number, context: number, into: number): void;
  _heif_context_get_number_of_top_level_images(context: number): number;
  _heif_image_handle_get_width(handle: number): number;
  _heif_image_handle_get_height(handle: number): number;
  _heif_image_handle_has_alpha_channel(handle: number): number;
  _heif_image_handle_get_luma_bits_per_pixel(handle: number): number;
  _heif_image_handle_get_number_of_metadata_blocks(handle: number, filter: number): number;
  _heif_image_handle_get_list_of_metadata_block_IDs(
    handle: number,
    filter: number,
    ids: number,
    count: number,
  ): number;
  _heif_image_handle_get_metadata_type(handle: number, id: number): number;
  _heif_image_handle_get_metadata_size(handle: number, id: number): number;
  _heif_image_handle_get_metadata(error: number, handle: number, id: number, into: number): void;
  _heif_decode_image(
    error: number,
    handle: number,
    into: number,
    colourspace: number,
    chroma: number,
    options: number,
  ): void;
  _heif_image_get_plane_readonly(image: number, channel: number, stride: number): number;
  _heif_image_get_bits_per_pixel_range(image: number, channel: number): number;
}

const COLOURSPACE_RGB = 1;
const INTERLEAVED = 10;
/** Chroma formats by depth and alpha: 8 bits, or 16 in little-endian order. */
const CHROMA = { plain: [10, 11], deep: [14, 15] } as const;
const EXIF_PREFIX = Buffer.from('Exif\0\0', 'latin1');

/** libheif with its memory: everything is freed with the thread that it runs in. */
class Heif {
  private readonly error: number;
  private readonly out: number;

  constructor(private readonly lib: LibHeif) {
    this.error = lib._malloc(12);
    this.out = lib._malloc(8);
  }

  word(at: number): number {
    return Buffer.from(this.lib.HEAPU8.buffer, at, 4).readUInt32LE();
  }

  bytes(at: number, length: number): Buffer {
    return Buffer.from(this.lib.HEAPU8.slice(at, at + length));
  }

  text(at: number): string {
    return this.bytes(at, this.lib.HEAPU8.indexOf(0, at) - at).toString('latin1');
  }

  /** What a call puts where its result belongs; throws libheif's own words. */
  result(call: (error: number, into: number) => void): number {
    call(this.error, this.out);
    if (this.word(this.error) !== 0) throw new Error(this.text(this.word(this.error + 8)));
    return this.word(this.out);
  }
}

function metadataOf(lib: LibHeif, heif: Heif, handle: number): Pick<Decoded, 'exif' | 'xmp'> {
  const count = Math.min(16, lib._heif_image_handle_get_number_of_metadata_blocks(handle, 0));
  const ids = lib._malloc(4 * count + 4);
  lib._heif_image_handle_get_list_of_metadata_block_IDs(handle, 0, ids, count);
  let exif: Buffer | undefined;
  let xmp: Buffer | undefined;
  for (let i = 0; i < count; i++) {
    const id = heif.word(ids + 4 * i);
    const size = lib._heif_image_handle_get_metadata_size(handle, id);
    const at = lib._malloc(size);
    heif.result((error) => lib._heif_image_handle_get_metadata(error, handle, id, at));
    const data = heif.bytes(at, size);
    const type = heif.text(lib._heif_image_handle_get_metadata_type(handle, id));
    // ISO/IEC 23008-12, annex A.2.1: the offset of the TIFF header comes first.
    if (type === 'Exif' && size > 12) {
      exif ??= Buffer.concat([EXIF_PREFIX, data.subarray(4 + data.readUInt32BE(0))]);
    } else if (type === 'mime' && data.includes('adobe:ns:meta/')) xmp ??= data;
  }
  return { exif, xmp };
}

/** HEIC and HEIF by libheif: the primary picture, turned as the container says, in 8 or 16 bits. */
export async function decodeHeic(file: Buffer): Promise<Decoded> {
  const { default: load } = (await import('libheif-js/wasm-bundle.js')) as unknown as {
    default: LibHeif | (() => LibHeif);
  };
  const lib = typeof load === 'function' ? load() : load;
  const heif = new Heif(lib);
  const context = lib._heif_context_alloc();
  const at = lib._malloc(file.length);
  lib.HEAPU8.set(file, at);
  heif.result((error) => lib._heif_context_read_from_memory_without_copy(error, context, at, file.length, 0));
  const handle = heif.result((error, into) =>
    lib._heif_context_get_primary_image_handle(error, context, into),
  );
  const [width, height] = [
    lib._heif_image_handle_get_width(handle),
    lib._heif_image_handle_get_height(handle),
  ];
  expectSize(width, height);
  const alpha = lib._heif_image_handle_has_alpha_channel(handle);
  const isDeep = lib._heif_image_handle_get_luma_bits_per_pixel(handle) > 8;
  const chroma = CHROMA[isDeep ? 'deep' : 'plain'][alpha ? 1 : 0];
  const image = heif.result((error, into) =>
    lib._heif_decode_image(error, handle, into, COLOURSPACE_RGB, chroma, 0),
  );
  const strideAt = lib._malloc(4);
  const plane = lib._heif_image_get_plane_readonly(image, INTERLEAVED, strideAt);
  if (plane === 0) throw new NotRead('HEIC in a form that is not decoded to RGB');
  const layout = { width, height, channels: alpha ? 4 : 3, depth: isDeep ? 16 : 8 } as const;
  const samples = newSamples(layout, width * height);
  const stride = heif.word(strideAt);
  for (let y = 0; y < height; y++) {
    const row = lib.HEAPU8.subarray(plane + y * stride, plane + y * stride + rowBytes(layout));
    bytesOf(samples).set(row, y * rowBytes(layout));
  }
  if (isDeep) stretch(samples, lib._heif_image_get_bits_per_pixel_range(image, INTERLEAVED));
  const others = lib._heif_context_get_number_of_top_level_images(context);
  const meta = await readMeta((from, length) => Promise.resolve(file.subarray(from, from + length)));
  return {
    layout,
    samples,
    icc: meta && coloursOf(meta.data).icc,
    ...metadataOf(lib, heif, handle),
    notes: others > 1 ? [`The file holds ${others} pictures; only the main one is opened.`] : [],
  };
}

/** Samples of `bits` in 16. */
function stretch(samples: Uint8Array | Uint16Array, bits: number): void {
  const top = 2 ** bits - 1;
  for (let i = 0; i < samples.length; i++) samples[i] = Math.round((samples[i]! * 65535) / top);
}
