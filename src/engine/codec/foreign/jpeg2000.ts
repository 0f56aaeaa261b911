import { boxesOf, findBox } from '../containers/isoBoxes';
import { newSamples } from '../scratch/layout';
import { expectSize, NotRead, type Decoded } from './decoded';

/** The part of OpenJPEG's WebAssembly build that is used. */
interface Decoder {
  getEncodedBuffer(length: number): Uint8Array;
  readHeader(): void;
  decode(): void;
  getDecodedBuffer(): Uint8Array;
  getFrameInfo(): {
    width: number;
    height: number;
    bitsPerSample: number;
    componentCount: number;
    isSigned: boolean;
  };
  delete(): void;
}
type Load = (options?: object) => Promise<{ J2KDecoder: new () => Decoder }>;

const XMP_UUID = Buffer.from('be7acfcb97a942e89c71999491e3afac', 'hex');
const EXIF_UUID = Buffer.from('JpgTiffExif->JP2', 'latin1');
const RESTRICTED_ICC = 2;
const SYCC = 18;

interface Around extends Pick<Decoded, 'icc' | 'exif' | 'xmp'> {
  readonly codestream: Buffer;
}

/** What a JP2 file has around its codestream (ISO/IEC 15444-1, annex I); a bare codestream has nothing. */
function unwrap(file: Buffer): Around {
  if (file.readUInt32BE(0) === 0xff4fff51) return { codestream: file };
  const boxes = boxesOf(file);
  const stream = boxes.find(({ type }) => type === 'jp2c');
  if (!stream) throw new Error('there is no codestream in the file');
  const colour = findBox(file, ['jp2h', 'colr']);
  const method = colour && file[colour.start];
  if (colour && method === 1 && file.readUInt32BE(colour.start + 3) === SYCC)
    throw new NotRead('JPEG 2000 in sYCC colours');
  if (findBox(file, ['jp2h', 'pclr'])) throw new NotRead('JPEG 2000 with a palette');
  const uuid = (id: Buffer): Buffer | undefined => {
    const box = boxes.find(
      (one) => one.type === 'uuid' && file.subarray(one.start, one.start + 16).equals(id),
    );
    return box && Buffer.from(file.subarray(box.start + 16, box.end));
  };
  const exif = uuid(EXIF_UUID);
  return {
    codestream: file.subarray(stream.start, stream.end),
    icc:
      colour && method === RESTRICTED_ICC
        ? Buffer.from(file.subarray(colour.start + 3, colour.end))
        : undefined,
    exif: exif && Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), exif]),
    xmp: uuid(XMP_UUID),
  };
}

/** JPEG 2000 by OpenJPEG: 1 to 4 components of up to 16 bits. */
export async function decodeJpeg2000(file: Buffer): Promise<Decoded> {
  const { codestream, ...around } = unwrap(file);
  // SIZ (annex A.5.1) is the first marker segment.
  expectSize(
    codestream.readUInt32BE(8) - codestream.readUInt32BE(16),
    codestream.readUInt32BE(12) - codestream.readUInt32BE(20),
  );
  const { default: load } = (await import('@cornerstonejs/codec-openjpeg/decodewasmjs')) as unknown as {
    default: Load;
  };
  const { J2KDecoder } = await load({ print: () => undefined, printErr: () => undefined });
  const decoder = new J2KDecoder();
  decoder.getEncodedBuffer(codestream.length).set(codestream);
  decoder.decode();
  const { width, height, bitsPerSample: bits, componentCount, isSigned } = decoder.getFrameInfo();
  if (isSigned || bits > 16 || componentCount > 4) {
    throw new NotRead(
      `JPEG 2000 with ${componentCount} components of ${isSigned ? 'signed ' : ''}${bits} bits`,
    );
  }
  const layout = { width, height, channels: componentCount, depth: bits > 8 ? 16 : 8 } as const;
  const samples = newSamples(layout, width * height);
  const bytes = decoder.getDecodedBuffer();
  const found =
    bits > 8 ? new Uint16Array(bytes.slice().buffer, 0, samples.length) : bytes.subarray(0, samples.length);
  if (found.length < samples.length) throw new Error('unexpected end of the codestream');
  const [top, full] = [2 ** bits - 1, bits > 8 ? 65535 : 255];
  for (let i = 0; i < samples.length; i++)
    samples[i] = top === full ? found[i]! : Math.round((found[i]! * full) / top);
  return { layout, samples, ...around, notes: [] };
}
