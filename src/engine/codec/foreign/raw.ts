import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { PixelLayout } from '../scratch/layout';
import { expectSize, NotRead, type Decoded } from './decoded';

/** The part of LibRaw's class that is used, as the package `libraw-wasm` binds it. */
interface LibRaw {
  /** Reads the file and unpacks its sensor's values; throws pointers to C++ exceptions. */
  open(file: Uint8Array, settings: Readonly<Record<string, unknown>>): void;
  metadata(full: boolean): { readonly width: number; readonly height: number } | undefined;
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

/**
 * Camera raw, developed to sRGB of 16 bits, upright. Throws `NotRead` for what LibRaw does not decode: its errors do not
 * say whether a file is damaged or of a camera that it does not know.
 */
export async function decodeRaw(file: Buffer): Promise<Decoded> {
  const raw = await openLibRaw();
  const refused = (): NotRead => new NotRead('camera raw of a kind that LibRaw does not know, or damaged');
  const given = <T>(work: () => T | undefined): T => {
    let value: T | undefined;
    try {
      value = work();
    } catch {
      throw refused();
    }
    if (value === undefined) throw refused();
    return value;
  };
  given(() => {
    raw.open(new Uint8Array(file), SETTINGS);
    return true;
  });
  const said = given(() => raw.metadata(false));
  expectSize(said.width, said.height);
  const { width, height, colors: channels, bits, data } = given(() => raw.imageData());
  if ((channels !== 1 && channels !== 3) || bits !== 16 || data.length !== width * height * channels) {
    throw refused();
  }
  const layout: PixelLayout = { width, height, channels, depth: 16 };
  return { layout, samples: data, notes: [DEVELOPED] };
}
