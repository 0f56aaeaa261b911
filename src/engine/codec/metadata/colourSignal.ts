import { PRIMARIES, type Primaries } from '../../kernels/color/primaries';
import { transferOf } from '../../kernels/color/transfer';
import type { ReadAt } from '../containers/byteSource';
import { coloursOf, readMeta, type CodePoints } from '../containers/isoBoxes';
import { chunkData, readChunks } from '../containers/pngChunks';
import { makeGreyProfile, makeProfile } from './profiles';

/** What a container tells of its colours beside an ICC profile. */
export interface ColourSignal {
  /** A profile made of it; absent for sRGB, which needs none. */
  readonly icc?: Buffer;
  /** High dynamic range, whose code points are carried on where a format has them. */
  readonly codes?: CodePoints;
  readonly notes: readonly string[];
}

const NOTHING: ColourSignal = { notes: [] };
const NAMES: Readonly<Record<number, string>> = {
  1: 'BT.709',
  4: 'BT.470M',
  5: 'BT.470BG',
  6: 'BT.601',
  7: 'SMPTE 240M',
  8: 'Film',
  9: 'BT.2020',
  11: 'DCI-P3',
  12: 'Display P3',
  22: 'EBU 3213',
};

const isUnspecified = (code: number): boolean => code === 2 || code === 0;

/** Code points as a profile; `grey`: of a picture without colour. */
export function signalOfCodes(codes: CodePoints, grey = false): ColourSignal {
  const primaries = isUnspecified(codes.primaries) ? PRIMARIES[1] : PRIMARIES[codes.primaries];
  const transfer = isUnspecified(codes.transfer) ? transferOf(13) : transferOf(codes.transfer);
  if (!primaries || !transfer) {
    return {
      notes: [
        `The file's colours are told by code points that Enlarger does not know (primaries ${codes.primaries}, transfer ${codes.transfer}); they are read as sRGB.`,
      ],
    };
  }
  const space = NAMES[isUnspecified(codes.primaries) ? 1 : codes.primaries]!;
  const profile = (name: string): Buffer =>
    grey ? makeGreyProfile(`Grey, ${name}`, transfer) : makeProfile(name, primaries, transfer, highRange);
  const highRange = isHighRange(codes) ? codes : undefined;
  switch (transfer.kind) {
    case 'srgb': {
      if (primaries === PRIMARIES[1] || grey) return NOTHING;
      const name = space === 'Display P3' ? space : `${space} with the curve of sRGB`;
      return { icc: profile(name), notes: [] };
    }
    case 'gamma':
      return { icc: profile(`${space}, gamma ${transfer.gamma}`), notes: [] };
    case 'pq':
    case 'hlg': {
      const curve = transfer.kind.toUpperCase();
      return {
        icc: profile(`${space} ${curve}`),
        codes,
        notes: [
          `The photo has high dynamic range (${space} ${curve}); its numbers are kept, and programs without it show a tone-mapped picture.`,
        ],
      };
    }
  }
}

/** sRGB's gamma as PNG writes it (clause 11.3.2.2), which stands for sRGB itself. */
const SRGB_GAMA = 45_455;

/** gAMA and cHRM of a PNG (clauses 11.3.2.1 and 11.3.2.2), numbers times 100,000. */
function signalOfGamma(gama: Buffer | undefined, chrm: Buffer | undefined, grey: boolean): ColourSignal {
  const stored = gama?.length === 4 ? gama.readUInt32BE(0) : SRGB_GAMA;
  if (stored === 0) return NOTHING;
  const chromaticity = (i: number): [number, number] => [
    chrm!.readUInt32BE(8 * i) / 1e5,
    chrm!.readUInt32BE(8 * i + 4) / 1e5,
  ];
  const told: Primaries =
    chrm?.length === 32
      ? { white: chromaticity(0), red: chromaticity(1), green: chromaticity(2), blue: chromaticity(3) }
      : PRIMARIES[1]!;
  const points = [told.red, told.green, told.blue, told.white].flat();
  if (
    points.some((value) => value > 1) ||
    [told.red, told.green, told.blue, told.white].some(([, y]) => y === 0)
  ) {
    return NOTHING;
  }
  const expected = [PRIMARIES[1]!.red, PRIMARIES[1]!.green, PRIMARIES[1]!.blue, PRIMARIES[1]!.white].flat();
  const isBt709 = points.every((value, i) => Math.abs(value - expected[i]!) < 0.002);
  const isSrgbCurve = Math.abs(stored - SRGB_GAMA) < 50;
  if (isBt709 && isSrgbCurve) return NOTHING;
  const gamma = 1e5 / stored;
  if (grey) {
    const profile = makeGreyProfile(`Grey, gamma ${Number(gamma.toFixed(3))}`, { kind: 'gamma', gamma });
    return isSrgbCurve ? NOTHING : { icc: profile, notes: [] };
  }
  const name = `${isBt709 ? 'BT.709' : 'PNG primaries'}, gamma ${Number(gamma.toFixed(3))}`;
  return { icc: makeProfile(name, told, { kind: 'gamma', gamma }), notes: [] };
}

/** By the precedence of PNG (third edition, clause 13.13): cICP, iCCP, sRGB, then gAMA with cHRM. */
async function signalOfPng(read: ReadAt, grey: boolean): Promise<ColourSignal> {
  const chunks = await readChunks(read);
  const data = async (type: string): Promise<Buffer | undefined> => {
    const chunk = chunks.find((one) => one.type === type);
    return chunk && chunkData(read, chunk);
  };
  const cicp = await data('cICP');
  if (cicp?.length === 4) {
    const [primaries, transfer, matrix, fullRange] = cicp;
    const codes = { primaries: primaries!, transfer: transfer!, matrix: matrix!, fullRange: fullRange === 1 };
    return signalOfCodes(codes, grey);
  }
  if (chunks.some(({ type }) => type === 'iCCP' || type === 'sRGB')) return NOTHING;
  return signalOfGamma(await data('gAMA'), await data('cHRM'), grey);
}

async function signalOfAvif(read: ReadAt, grey: boolean): Promise<ColourSignal> {
  const meta = await readMeta(read);
  const { icc, nclx } = meta ? coloursOf(meta.data) : {};
  return nclx === undefined || (icc && !isHighRange(nclx)) ? NOTHING : signalOfCodes(nclx, grey);
}

const isHighRange = ({ transfer }: CodePoints): boolean => transfer === 16 || transfer === 18;

/** What a PNG or an AVIF tells of its colours beside an ICC profile; where it tells nothing, the profile holds. */
export function readColourSignal(read: ReadAt, format: string, grey: boolean): Promise<ColourSignal> {
  if (format === 'png') return signalOfPng(read, grey);
  return format === 'avif' || format === 'heic' ? signalOfAvif(read, grey) : Promise.resolve(NOTHING);
}
