import type { InputFormat } from '../../../shared/formats';
import { decodeBmp } from './bmp';
import type { Decoded } from './decoded';
import { decodeHeic } from './heic';
import { decodeJpeg2000 } from './jpeg2000';
import { decodeRaw } from './raw';
import { decodeByVips } from './wasmVips';

/** Formats that libvips, as sharp brings it, does not decode. */
const DECODERS = {
  heic: decodeHeic,
  jxl: (file: Buffer) => decodeByVips(file, 'JPEG XL'),
  jp2: decodeJpeg2000,
  pnm: (file: Buffer) => decodeByVips(file, 'PNM'),
  raw: decodeRaw,
  bmp: (file: Buffer) => Promise.resolve(decodeBmp(file)),
} as const satisfies Partial<Record<InputFormat, (file: Buffer) => Promise<Decoded>>>;

export type ForeignFormat = keyof typeof DECODERS;

export const isForeign = (format: InputFormat): format is ForeignFormat => Object.hasOwn(DECODERS, format);

/** Decodes a whole file. Throws `NotRead` for kinds that are not read, else what the decoder says. */
export const decodeForeign = (format: ForeignFormat, file: Buffer): Promise<Decoded> =>
  DECODERS[format](file);
