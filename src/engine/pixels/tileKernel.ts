import { COLOUR_TILE_BINARY } from './colourTileBinary';

/** The functions of colourTile.wat, which says what each does. */
export interface Kernel {
  readonly memory: WebAssembly.Memory;
  readonly filterRows: (
    source: number,
    stride: number,
    rows: number,
    starts: number,
    weights: number,
    width: number,
    out: number,
  ) => void;
  readonly joinRows: (
    luma: number,
    lumaBytes: number,
    width: number,
    height: number,
    reds: number,
    blues: number,
    ...rest: [
      rowBytes: number,
      starts: number,
      weights: number,
      gain: number,
      offset: number,
      greenRed: number,
      greenBlue: number,
      out: number,
      pixelBytes: number,
    ]
  ) => void;
  readonly differences: (
    planes: number,
    plane: number,
    rowStarts: number,
    rows: number,
    columnStarts: number,
    columns: number,
    ...rest: [red: number, green: number, blue: number, reds: number, blues: number]
  ) => void;
  readonly joinColours: (
    pixels: number,
    plane: number,
    width: number,
    base: number,
    basePlane: number,
    rowBytes: number,
    ...rest: [...weights: [number, number, number, number], out: number, pixelBytes: number]
  ) => void;
}

/** Lanes of a vector, and the bytes of each. */
export const LANES = 4;
export const FLOAT_BYTES = 4;
export const TAPS = 4;

let compiled: Kernel | undefined;

/** Compiled when it is first needed; its memory is whoever's that calls next. */
export function kernel(): Kernel {
  compiled ??= new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(COLOUR_TILE_BINARY, 'base64')))
    .exports as unknown as Kernel;
  return compiled;
}

/** As many numbers as whole vectors hold. */
export const wholeVectors = (pixels: number): number => Math.ceil(pixels / LANES) * LANES;

/** What lies in the kernel's memory, as bytes of its own: in `into`, which has their length, or in new memory. */
export function copied(bytes: Uint8Array, into?: ArrayBuffer): Uint8Array<ArrayBuffer> {
  if (!into) return new Uint8Array(bytes);
  const result = new Uint8Array(into);
  result.set(bytes);
  return result;
}
