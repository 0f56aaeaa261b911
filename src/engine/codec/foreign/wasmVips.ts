import type Vips from 'wasm-vips';
import { colourspaceOf, newSamples, type PixelLayout, type Samples } from '../scratch/layout';
import type { PhotoMetadata } from '../metadata/metadata';
import { expectSize, NotRead, type Decoded } from './decoded';

/** libvips in WebAssembly, which has JPEG XL and PNM; the build that sharp brings has neither. */
let loading: Promise<typeof Vips> | undefined;
function loadVips(): Promise<typeof Vips> {
  loading ??= (async () => {
    const { default: load } = await import('wasm-vips');
    const vips = await load({
      dynamicLibraries: ['vips-jxl.wasm'],
      print: () => undefined,
      printErr: () => undefined,
    });
    vips.concurrency(2);
    vips.Cache.max(0);
    return vips;
  })();
  return loading;
}

const BLOBS = { icc: 'icc-profile-data', exif: 'exif-data', xmp: 'xmp-data' } as const;
const SPACES = new Set(['b-w', 'grey16', 'srgb', 'rgb', 'rgb16']);
const EXIF_PREFIX = Buffer.from('Exif\0\0', 'latin1');

/** JPEG XL and PNM: 8 or 16 bits; floats are refused. */
export async function decodeByVips(file: Buffer, what: string): Promise<Decoded> {
  const vips = await loadVips();
  const image = vips.Image.newFromBuffer(file, '', { access: 'sequential' });
  const { width, height, bands: channels, format, interpretation } = image;
  expectSize(width, height);
  if ((format !== 'uchar' && format !== 'ushort') || channels > 4 || !SPACES.has(interpretation)) {
    throw new NotRead(`${what} with ${channels} channels of ${format} (${interpretation})`);
  }
  const layout: PixelLayout = { width, height, channels, depth: format === 'ushort' ? 16 : 8 };
  const fields = new Set(fieldsOf(image));
  const blob = (name: string): Buffer | undefined =>
    fields.has(name) ? Buffer.from(image.getBlob(name)) : undefined;
  const samples = newSamples(layout, width * height);
  samples.set(image.writeToMemory());
  const pages = fields.has('n-pages') ? image.getInt('n-pages') : 1;
  const exif = blob(BLOBS.exif);
  return {
    layout,
    samples,
    icc: blob(BLOBS.icc),
    exif: exif && (exif.subarray(0, 6).equals(EXIF_PREFIX) ? exif : Buffer.concat([EXIF_PREFIX, exif])),
    xmp: blob(BLOBS.xmp),
    notes: pages > 1 ? [`The file holds ${pages} frames; only the first is opened.`] : [],
  };
}

function fieldsOf(image: Vips.Image): string[] {
  const names = image.getFields();
  return Array.from({ length: names.size() }, (_, i) => String(names.get(i)));
}

/** What a JPEG XL is to have. */
export interface JxlOrder {
  readonly layout: PixelLayout;
  readonly samples: Samples;
  /** 1 to 100; 100 loses nothing. */
  readonly quality: number;
  /** 1 (quick) to 9. */
  readonly effort: number;
  readonly metadata: Pick<PhotoMetadata, 'icc' | 'exif' | 'xmp'>;
}

/** A whole JPEG XL file. */
export async function encodeJxl({
  layout,
  samples,
  quality,
  effort,
  metadata,
}: JxlOrder): Promise<Uint8Array> {
  const vips = await loadVips();
  const { width, height, channels, depth } = layout;
  const format = vips.BandFormat[depth === 16 ? 'ushort' : 'uchar'];
  const plain = vips.Image.newFromMemory(samples, width, height, channels, format);
  const image = plain.copy({ interpretation: colourspaceOf(layout) });
  for (const [key, name] of Object.entries(BLOBS)) {
    const data = metadata[key as keyof typeof BLOBS];
    if (data) image.setBlob(name, data);
  }
  return image.jxlsaveBuffer(quality === 100 ? { lossless: true, effort } : { Q: quality, effort });
}
