import type { Encoding } from '../../../shared/contract';
import { depthIn, FORMATS, writtenTraits, type OutputFormat } from '../../../shared/formats';
import { area, type Size } from '../../../shared/geometry';
import { profileSpace } from '../metadata/icc';
import { expectWithinLimits } from './limits';
import type { GainMap } from '../metadata/gainMap';
import type { PhotoMetadata } from '../metadata/metadata';

/** What an encoding means for one picture, settled before any work. */
export interface EncodingPlan {
  readonly format: OutputFormat;
  /** 1 to 100; unused where the format has none. */
  readonly quality: number;
  /** Depth that the encoder is given: make the scratch with it, and no pixel is rounded twice. */
  readonly depth: 8 | 16;
  /** Bits a channel in the file: 12 for 16 bit AVIF. */
  readonly storedBits: 8 | 12 | 16;
  /** Alpha has no place in the format or is to be left out, and is laid onto white. */
  readonly flattens: boolean;
  /** Grey pixels under a profile, in a format that has no grey: converted to sRGB. */
  readonly convertsGrey: boolean;
  /** Pixels of the whole file, by which encoders are set. */
  readonly pixels: number;
  /** Pixels an inch to write; null: nobody says. */
  readonly density: number | null;
  /** The photo's gain map, to be enlarged and attached. */
  readonly gainMap?: GainMap;
  /** Sentences for the user: what the format could not keep. */
  readonly notes: string[];
}

const UNTRUE_MAP =
  'The gain map (high dynamic range) holds for the colours of the profile that is left out, and was left out too.';

/**
 * Plans `encoding` for a picture of `size`; throws `format-limit` (limits.ts). `profiled`: the photo has a profile, to
 * which its gain map belongs.
 */
export function planEncoding(
  encoding: Encoding,
  photo: {
    readonly channels: number;
    readonly depth: 8 | 16;
    readonly metadata?: PhotoMetadata;
    readonly profiled?: boolean;
  },
  size: Size,
): EncodingPlan {
  const { format, strip = [] } = encoding;
  const { name } = FORMATS[format];
  const traits = writtenTraits(format);
  const notes = expectWithinLimits(format, size, photo);
  const wanted = encoding.depth ?? photo.depth;
  const depth = depthIn(format, encoding.depth, photo);
  const storedBits = traits.bits[depth];
  if (traits.bits[wanted] < wanted)
    notes.push(`${name} holds ${traits.bits[wanted]} bits a channel, not 16.`);
  const hasAlpha = photo.channels % 2 === 0;
  const flattens = hasAlpha && (!traits.alpha || strip.includes('alpha'));
  if (hasAlpha && !traits.alpha) notes.push(`${name} has no transparency: it was laid onto white.`);
  const icc = photo.metadata?.icc;
  const convertsGrey = !traits.grey && icc !== undefined && profileSpace(icc) === 'grey';
  if (convertsGrey) notes.push('The grey profile was converted to sRGB: the format has no grey of its own.');
  const found = photo.metadata?.gainMap;
  const isUntrue = photo.profiled === true && strip.includes('profile');
  const gainMap = traits.gainMap && !isUntrue ? found : undefined;
  if (found && !traits.gainMap)
    notes.push(`${name} has no place for the gain map (high dynamic range): left out.`);
  else if (found && isUntrue) notes.push(UNTRUE_MAP);
  return {
    format,
    quality: encoding.quality ?? traits.quality ?? 100,
    depth,
    storedBits,
    flattens,
    convertsGrey,
    pixels: area(size),
    density: strip.includes('density') ? null : (encoding.density ?? photo.metadata?.density ?? null),
    ...(gainMap && { gainMap }),
    notes,
  };
}
