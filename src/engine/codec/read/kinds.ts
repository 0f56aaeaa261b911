import { FaultError } from '../../../shared/faults';
import type { ReadAt } from '../containers/byteSource';
import { readTiffDirectory } from '../containers/tiffFields';
import { hasSensorValues } from './rawTiff';
import type { InputFormat } from '../../../shared/formats';

/** A kind of picture inside a known container that is not read: what it is, and what to do about it. */
interface Unread {
  readonly what: string;
  readonly mend: string;
}

const AS_PLAIN_TIFF = 'save it as TIFF without compression, or with LZW or Deflate';

/** Compressions that libtiff, as it is built here, does not undo: tag 259 of TIFF 6.0 and its later registrations. */
const COMPRESSIONS: Readonly<Record<number, string>> = {
  6: 'old-style JPEG compression',
  32809: 'ThunderScan compression',
  32908: 'PixarFilm compression',
  32909: 'PixarLog compression',
  33003: 'JPEG 2000 compression',
  33004: 'JPEG 2000 compression',
  33005: 'JPEG 2000 compression',
  34661: 'JBIG compression',
  34676: 'SGI Log compression',
  34677: 'SGI Log compression',
  34712: 'JPEG 2000 compression',
  34713: 'Nikon NEF compression',
  34892: 'lossy JPEG compression of DNG',
  34925: 'LZMA compression',
  34926: 'Zstandard compression',
  34927: 'WebP compression',
  50000: 'Zstandard compression',
  50001: 'WebP compression',
  50002: 'JPEG XL compression',
  52546: 'JPEG XL compression',
};

async function unreadTiff(read: ReadAt, page: number): Promise<Unread | undefined> {
  const directory = await readTiffDirectory(read, page);
  if (!directory) return undefined;
  if (await hasSensorValues(directory)) {
    return { what: "a page of a sensor's values", mend: 'choose another page' };
  }
  const [photometric = 1] = await directory.numbers(262);
  const [compression = 1] = await directory.numbers(259);
  const named = COMPRESSIONS[compression];
  if (named) return { what: `TIFF with ${named}`, mend: AS_PLAIN_TIFF };
  const [bits = 1] = await directory.numbers(258);
  const [sampleFormat = 1] = await directory.numbers(339);
  if (sampleFormat === 3) {
    return { what: `TIFF with float samples of ${bits} bit`, mend: 'save it with 16 bit a channel' };
  }
  if (photometric === 8 || photometric === 9 || photometric === 10) {
    return { what: 'TIFF in the colour space Lab', mend: 'convert it to RGB of 16 bit' };
  }
  if (![1, 2, 4, 8, 16].includes(bits)) {
    return { what: `TIFF with ${bits} bits a sample`, mend: 'save it with 8 or 16 bit a channel' };
  }
  return undefined;
}

const AS_BASELINE = 'save it as a JPEG of 8 bit, as cameras and browsers do, or as PNG';

/** Processes of JPEG by their start-of-frame marker: ISO/IEC 10918-1, table B.1, and ISO/IEC 14495-1. */
const PROCESSES: Readonly<Record<number, string>> = {
  0xc3: 'lossless JPEG',
  0xc5: 'hierarchical JPEG',
  0xc6: 'hierarchical JPEG',
  0xc7: 'hierarchical JPEG',
  0xcb: 'lossless JPEG with arithmetic coding',
  0xcd: 'hierarchical JPEG',
  0xce: 'hierarchical JPEG',
  0xcf: 'hierarchical JPEG',
  0xf7: 'JPEG-LS',
};
const SEGMENTS_MAX = 1024;

async function unreadJpeg(read: ReadAt): Promise<Unread | undefined> {
  for (let at = 2, seen = 0; seen < SEGMENTS_MAX; seen++) {
    const head = await read(at, 5);
    if (head.length < 5 || head[0] !== 0xff) return undefined;
    const marker = head[1]!;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const process = PROCESSES[marker];
    if (process) return { what: process, mend: AS_BASELINE };
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame && head[4] !== 8) return { what: `JPEG with ${head[4]} bits a sample`, mend: AS_BASELINE };
    if (isFrame || marker === 0xda) return undefined;
    at += 2 + head.readUInt16BE(2);
  }
  return undefined;
}

async function unreadAvif(read: ReadAt): Promise<Unread | undefined> {
  const brand = (await read(0, 12)).toString('latin1', 8, 12);
  if (brand !== 'avis') return undefined;
  return {
    what: 'an AVIF sequence (an animation)',
    mend: 'save one frame of it as a still AVIF, PNG or JPEG',
  };
}

/**
 * Throws `unsupported-format` for kinds of pictures inside a known container that are not read, by their own
 * headers: such files are not damaged. `page`: of a TIFF, from 0.
 */
export async function expectKnownKind(
  read: ReadAt,
  format: InputFormat,
  name: string,
  page: number,
): Promise<void> {
  const readers = { tiff: unreadTiff, jpeg: unreadJpeg, avif: unreadAvif } as const;
  const unread = format in readers ? await readers[format as keyof typeof readers](read, page) : undefined;
  if (!unread) return;
  throw new FaultError(
    'unsupported-format',
    `Expected a picture that can be read in ${name}, found ${unread.what}, which Enlarger does not read; ${unread.mend}.`,
    { file: name },
  );
}
