import type { InputFormat } from '../../../shared/formats';

/** What a file is by its first bytes: a format that is read, a known one that is not, or neither. */
export type Sniffed =
  | { readonly kind: 'readable'; readonly format: InputFormat }
  | { readonly kind: 'unsupported'; readonly what: string }
  | { readonly kind: 'text' }
  | { readonly kind: 'unknown' };

/** Bytes that `sniff` wants to see. */
export const SNIFF_BYTES = 256;

const readable = (format: InputFormat): Sniffed => ({ kind: 'readable', format });
const unsupported = (what: string): Sniffed => ({ kind: 'unsupported', what });

/** Signatures at the start of the file, as latin-1. */
const SIGNATURES: readonly (readonly [string, Sniffed])[] = [
  ['\xff\xd8\xff', readable('jpeg')],
  ['\x89PNG\r\n\x1a\n', readable('png')],
  ['GIF87a', readable('gif')],
  ['GIF89a', readable('gif')],
  ['IIU\0', readable('raw')],
  ['IIRO', readable('raw')],
  ['IIRS', readable('raw')],
  ['MMOR', readable('raw')],
  ['FUJIFILMCCD-RAW', readable('raw')],
  ['FOVb', unsupported('Sigma RAW')],
  ['8BPS', unsupported('Photoshop (PSD)')],
  ['BM', readable('bmp')],
  ['\xff\x0a', readable('jxl')],
  ['\0\0\0\x0cJXL ', readable('jxl')],
  ['\0\0\0\x0cjP  ', readable('jp2')],
  ['\xff\x4f\xff\x51', readable('jp2')],
  ['%PDF', unsupported('PDF')],
  ['\x76\x2f\x31\x01', unsupported('OpenEXR')],
  ['#?RADIANCE', unsupported('Radiance HDR')],
  ['\0\0\x01\0', unsupported('ICO')],
  ['qoif', unsupported('QOI')],
  ['PK\x03\x04', unsupported('ZIP')],
];

const TIFF_SIGNATURES = ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'];

/** ISO media files (ftyp) by their brands. */
function sniffMedia(head: string): Sniffed {
  const brands = head.slice(8, 8 + 4 * 20);
  if (/avif|avis/.test(brands)) return readable('avif');
  if (/crx /.test(brands)) return readable('raw');
  if (/hei[cxms]|hev[cxms]|mif1|msf1/.test(brands)) return readable('heic');
  return unsupported('video');
}

/** `head`: the file's first bytes, SNIFF_BYTES where it has so many. Camera raw may begin like a TIFF (rawTiff.ts). */
export function sniff(head: Buffer): Sniffed {
  const start = head.toString('latin1');
  if (start.startsWith('RIFF') && start.startsWith('WEBP', 8)) return readable('webp');
  if (start.startsWith('ftyp', 4)) return sniffMedia(start);
  if (TIFF_SIGNATURES.some((signature) => start.startsWith(signature))) return readable('tiff');
  if (/^(\xef\xbb\xbf)?\s*(<\?xml[^]*)?<svg/.test(start)) return unsupported('SVG');
  if (/^P[1-6][\s#]/.test(start)) return readable('pnm');
  const known = SIGNATURES.find(([signature]) => start.startsWith(signature));
  if (known) return known[1];
  // No control characters but tab and line ends: text in any encoding that contains ASCII.
  return /^[\t\n\r\x20-\x7e\x80-\xff]+$/.test(start) ? { kind: 'text' } : { kind: 'unknown' };
}
