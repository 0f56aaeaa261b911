import { adaptationToD50, colorantsOf, D50, type Primaries } from '../../kernels/color/primaries';
import { hlgLight, pqLight, toneMapped, type Transfer } from '../../kernels/color/transfer';
import type { CodePoints } from '../containers/isoBoxes';

/** Points of a curve that no parameters describe. */
const CURVE_POINTS = 4096;

const fixed = (value: number): number => Math.round(value * 65536);

function tag(type: string, words: readonly number[]): Buffer {
  const data = Buffer.alloc(8 + 4 * words.length);
  data.write(type, 0, 'latin1');
  words.forEach((word, i) => data.writeInt32BE(word, 8 + 4 * i));
  return data;
}

/** multiLocalizedUnicodeType (ICC.1:2022, 10.15) with one text. */
function text(value: string): Buffer {
  const head = tag('mluc', [1, 12, 0x656e5553, 2 * value.length, 28]);
  return Buffer.concat([head, Buffer.from(value, 'utf16le').swap16()]);
}

/** parametricCurveType (10.18): a power, or that of sRGB (function type 3: IEC 61966-2-1). */
function parametric(kind: number, values: readonly number[]): Buffer {
  return tag('para', [kind << 16, ...values.map(fixed)]);
}

function sampled(curve: (signal: number) => number): Buffer {
  const data = Buffer.alloc(12 + 2 * CURVE_POINTS);
  data.write('curv', 0, 'latin1');
  data.writeUInt32BE(CURVE_POINTS, 8);
  for (let i = 0; i < CURVE_POINTS; i++) {
    data.writeUInt16BE(Math.round(65535 * curve(i / (CURVE_POINTS - 1))), 12 + 2 * i);
  }
  return data;
}

function curveOf(transfer: Transfer): Buffer {
  switch (transfer.kind) {
    case 'gamma':
      return parametric(0, [transfer.gamma]);
    case 'srgb':
      return parametric(3, [2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045]);
    case 'pq':
      return sampled((signal) => toneMapped(pqLight(signal)));
    case 'hlg':
      return sampled((signal) => toneMapped(hlgLight(signal)));
  }
}

/**
 * An ICC profile (version 4.4, ICC.1:2022) of a colour space told by its primaries and transfer. With `codes` it
 * carries a `cicp` tag (9.2.17): programs that know it show high dynamic range as meant, all others by the
 * tone-mapped curve. Made without a date: the same space has the same bytes.
 */
export function makeProfile(
  name: string,
  primaries: Primaries,
  transfer: Transfer,
  codes?: CodePoints,
): Buffer {
  const [red, green, blue] = colorantsOf(primaries);
  const curve = curveOf(transfer);
  const xyz = (values: readonly number[]): Buffer => tag('XYZ ', values.map(fixed));
  const tags: [string, Buffer][] = [
    ['desc', text(name)],
    ['cprt', text('No copyright, use freely')],
    ['wtpt', xyz(D50)],
    ['chad', tag('sf32', adaptationToD50(primaries.white).flat().map(fixed))],
    ['rXYZ', xyz(red)],
    ['gXYZ', xyz(green)],
    ['bXYZ', xyz(blue)],
    ['rTRC', curve],
    ['gTRC', curve],
    ['bTRC', curve],
  ];
  // Of a profile's numbers, R G B in full range: no matrix.
  if (codes)
    tags.push([
      'cicp',
      Buffer.concat([tag('cicp', []), Buffer.from([codes.primaries, codes.transfer, 0, 1])]),
    ]);
  return assembled('RGB ', tags);
}

/** The same for grey, of which the transfer is all. */
export const makeGreyProfile = (name: string, transfer: Transfer): Buffer =>
  assembled('GRAY', [
    ['desc', text(name)],
    ['cprt', text('No copyright, use freely')],
    ['wtpt', tag('XYZ ', D50.map(fixed))],
    ['kTRC', curveOf(transfer)],
  ]);

function assembled(space: 'RGB ' | 'GRAY', tags: readonly (readonly [string, Buffer])[]): Buffer {
  const table = Buffer.alloc(4 + 12 * tags.length);
  table.writeUInt32BE(tags.length, 0);
  const bodies: Buffer[] = [];
  const places = new Map<Buffer, number>();
  let end = 128 + table.length;
  tags.forEach(([signature, body], i) => {
    let at = places.get(body);
    if (at === undefined) {
      at = end;
      places.set(body, at);
      const padded = Buffer.concat([body, Buffer.alloc((4 - (body.length % 4)) % 4)]);
      bodies.push(padded);
      end += padded.length;
    }
    table.write(signature, 4 + 12 * i, 'latin1');
    table.writeUInt32BE(at, 8 + 12 * i);
    table.writeUInt32BE(body.length, 12 + 12 * i);
  });
  const header = Buffer.alloc(128);
  header.writeUInt32BE(end, 0);
  header.writeUInt32BE(0x04400000, 8);
  header.write(`mntr${space}XYZ `, 12, 'latin1');
  header.write('acsp', 36, 'latin1');
  D50.forEach((value, i) => header.writeInt32BE(fixed(value), 68 + 4 * i));
  return Buffer.concat([header, table, ...bodies]);
}
