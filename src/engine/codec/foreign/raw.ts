import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Orientation } from '../../kernels/orient';
import type { PixelLayout } from '../scratch/layout';
import { expectSize, NotRead, type Decoded } from './decoded';

/** The part of LibRaw's class that is used, as the package `libraw-wasm` binds it. */
interface LibRaw {
  /** Reads the file and unpacks its sensor's values; throws pointers to C++ exceptions. */
  open(file: Uint8Array, settings: Readonly<Record<string, unknown>>): void;
  metadata(full: boolean): RawFacts | undefined;
  /** The largest picture that the camera put into the file. */
  thumbnailData(): { readonly format: string; readonly data: Uint8Array } | undefined;
  /** Develops it: interleaved samples. */
  imageData():
    | {
        readonly width: number;
        readonly height: number;
        readonly colors: number;
        readonly bits: number;
        readonly data: Uint16Array<ArrayBuffer>;
      }
    | undefined;
}

interface RawFacts {
  /** After the turn. */
  readonly width: number;
  readonly height: number;
  /** How the picture is to be turned: 0, 3 (by half), 5 (a quarter to the left) or 6 (to the right). */
  readonly flip: number;
  readonly thumb_width: number;
  readonly thumb_height: number;
}

type LoadLibRaw = (options: {
  readonly wasmBinary: Uint8Array;
  readonly print: () => void;
  readonly printErr: () => void;
}) => Promise<{ readonly LibRaw: new () => LibRaw }>;

async function openLibRaw(): Promise<LibRaw> {
  const { default: load } = (await import('libraw-wasm/dist/libraw.js')) as { default: LoadLibRaw };
  const wasm = createRequire(import.meta.url).resolve('libraw-wasm/dist/libraw.wasm');
  const quiet = (): void => undefined;
  const { LibRaw: Binding } = await load({ wasmBinary: await readFile(wasm), print: quiet, printErr: quiet });
  return new Binding();
}

/** How a photo is developed, in LibRaw's names: nothing is brightened that the camera did not. */
const SETTINGS = {
  useCameraWb: true,
  noAutoBright: true,
  outputBps: 16,
  /** sRGB, with its curve: exponent and slope at black, the rest of the six numbers LibRaw works out. */
  outputColor: 1,
  gamm: [1 / 2.4, 12.92, 0, 0, 0, 0],
  /** Adaptive homogeneity-directed demosaicing (Hirakawa and Parks, 2005). */
  userQual: 3,
} as const;

const DEVELOPED =
  'The photo was developed from camera raw by LibRaw: white balance of the camera, sRGB, 16 bit; no lens correction, no noise reduction.';

interface OpenRaw {
  readonly raw: LibRaw;
  readonly facts: RawFacts;
}

const refused = (): NotRead => new NotRead('camera raw of a kind that LibRaw does not know, or damaged');

function given<T>(work: () => T | undefined): T {
  let value: T | undefined;
  try {
    value = work();
  } catch {
    throw refused();
  }
  if (value === undefined) throw refused();
  return value;
}

/** Throws `NotRead` for what LibRaw does not decode: its errors do not say whether a file is damaged or unknown. */
async function openRaw(file: Buffer): Promise<OpenRaw> {
  const raw = await openLibRaw();
  given(() => {
    raw.open(new Uint8Array(file), SETTINGS);
    return true;
  });
  const facts = given(() => raw.metadata(false));
  expectSize(facts.width, facts.height);
  return { raw, facts };
}

/** The camera's own JPEG in the file; undefined where there is none. */
function jpegIn({ raw, facts }: OpenRaw): Uint8Array | undefined {
  if (facts.thumb_width < 1 || facts.thumb_height < 1) return undefined;
  try {
    const found = raw.thumbnailData();
    return found?.format === 'jpeg' ? found.data : undefined;
  } catch {
    return undefined; // what was promised is not there
  }
}

/** Camera raw, developed to sRGB of 16 bits, upright. Throws `NotRead` for what LibRaw does not decode. */
export async function decodeRaw(file: Buffer): Promise<Decoded> {
  const open = await openRaw(file);
  const { width, height, colors: channels, bits, data } = given(() => open.raw.imageData());
  if ((channels !== 1 && channels !== 3) || bits !== 16 || data.length !== width * height * channels) {
    throw refused();
  }
  const layout: PixelLayout = { width, height, channels, depth: 16 };
  return { layout, samples: data, embedded: jpegIn(open) !== undefined, notes: [DEVELOPED] };
}

/** The JPEG that a camera made of a raw photo itself. */
export interface EmbeddedJpeg {
  readonly bytes: Uint8Array;
  /** How the raw photo is turned. */
  readonly orientation: Orientation;
  /** Of the raw photo as it is developed, upright. */
  readonly developed: { readonly width: number; readonly height: number };
}

/** EXIF's orientation by LibRaw's turn. */
const TURNS: Readonly<Record<number, Orientation>> = { 3: 3, 5: 8, 6: 6 };

/**
 * Takes the JPEG out that the camera put into its raw file; undefined where there is none. Throws `NotRead` as
 * `decodeRaw` does.
 */
export async function embeddedJpeg(file: Buffer): Promise<EmbeddedJpeg | undefined> {
  const open = await openRaw(file);
  const bytes = jpegIn(open);
  if (!bytes) return undefined;
  const { width, height, flip } = open.facts;
  return { bytes, orientation: TURNS[flip] ?? 1, developed: { width, height } };
}
