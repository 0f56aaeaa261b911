import { boxesOf, findBox } from '../containers/isoBoxes';
import { GAIN_MAP } from './xmpAttachments';

/** What auxiliary pictures are for, by the name in their `auxC` property; opacity is none of these, it is read. */
const AUXILIARY: readonly { readonly name: RegExp; readonly what: string }[] = [
  { name: /hdrgainmap/, what: GAIN_MAP },
  { name: /auxiliary:depth$|^urn:mpeg:(hevc|avc):2015:auxid:2$|aux:disparity/, what: 'depth map' },
  { name: /matte$/, what: 'masks of what is seen' },
];
/** ISO 21496-1's item: a picture with another that says how much brighter each place is. */
const TONE_MAP = 'tmap';

/**
 * What a HEIC or AVIF has attached to its picture, of which nothing is carried on, from its `meta` box (ISO/IEC
 * 23008-12, 6.5.8: `auxC` is a full box with a name that a zero ends; ISO/IEC 14496-12, 8.11.6: `infe`).
 */
export function attachedOf(meta: Buffer): string[] {
  const properties = findBox(meta, ['meta', 'iprp', 'ipco']);
  const names = (properties ? boxesOf(meta, properties.start, properties.end) : [])
    .filter(({ type }) => type === 'auxC')
    .map(({ start, end }) => meta.toString('latin1', start + 4, end).split('\0')[0]!);
  const found = AUXILIARY.filter(({ name }) => names.some((one) => name.test(one))).map(({ what }) => what);
  return itemTypes(meta).includes(TONE_MAP) && !found.includes(GAIN_MAP) ? [GAIN_MAP, ...found] : found;
}

function itemTypes(meta: Buffer): string[] {
  const items = findBox(meta, ['meta', 'iinf']);
  if (!items || items.end - items.start < 8) return [];
  // A count of 16 bits, or of 32 from version 1 on; in an entry the type follows its number and one of 16 bits.
  const first = items.start + 4 + (meta[items.start] === 0 ? 2 : 4);
  return boxesOf(meta, first, items.end)
    .filter(({ type, start, end }) => type === 'infe' && end - start >= 12)
    .map(({ start }) => {
      const at = start + 4 + (meta[start] === 3 ? 4 : 2) + 2;
      return meta.toString('latin1', at, at + 4);
    });
}
