import { ELEMENTS_MAX, numberOf, withoutPrefixes } from './xmp';

/** What a gain map is called among what is attached. */
export const GAIN_MAP = 'gain map for high dynamic range';
/** What a list is called that says no more. */
export const ATTACHED_LIST = 'list of attached pictures';

/** What is stored behind or beside the picture, and what of the XMP points to it. */
const ATTACHED = [
  { prefixes: 'hdrgm|HDRGainMap|apdi', what: GAIN_MAP },
  { prefixes: 'GDepth|GImage|GFocus', what: 'depth map' },
  { prefixes: 'GCamera|MiCamera|OpCamera', what: 'motion photo' },
  { prefixes: 'Container|GContainer|Item', what: ATTACHED_LIST },
] as const;

/** XMP without pointers to what is not carried on, and what that was. */
export function withoutAttachments(xmp: Buffer): { xmp: Buffer; lost: string[] } {
  let text = xmp.toString('utf8');
  const lost: string[] = [];
  for (const { prefixes, what } of ATTACHED) {
    const next = withoutPrefixes(text, prefixes);
    if (next === text) continue;
    text = next;
    lost.push(what);
  }
  return { xmp: Buffer.from(text, 'utf8'), lost };
}

/** A sentence on what is attached to a photo and left out. */
export const notCarriedOn = (what: readonly string[]): string =>
  `What is attached to the photo is not carried on (${what.join(', ')}); nothing points to it any more.`;

/** Longer XMP is left out: no photo has it, and every property is looked for in all of it. */
export const XMP_BYTES_MAX = 4 << 20;

/**
 * XMP without pointers to pictures that are attached to the file, with a sentence on what they were. `attached`: the
 * container itself says that there are some; `isKept`: what is so called is carried on.
 */
export function withoutPointers(
  found: Buffer | undefined,
  attached = false,
  isKept: (what: string) => boolean = () => false,
): { xmp?: Buffer; lost?: string[] } {
  const short = found && found.length <= XMP_BYTES_MAX ? found : undefined;
  const { xmp, lost: pointed } = short ? withoutAttachments(short) : { xmp: undefined, lost: [] };
  const lost = (pointed.length > 0 ? pointed : attached ? [ATTACHED_LIST] : []).filter(
    (what) => !isKept(what),
  );
  const words = lost.filter((what) => lost.length === 1 || what !== ATTACHED_LIST);
  return {
    ...(xmp && { xmp }),
    ...(words.length > 0 && { lost: [notCarriedOn(words)] }),
  };
}

/** Bytes of each item that is attached to a picture, as Google's container lists them, in the order of the file. */
export function attachedItems(xmp: Buffer): number[] {
  const items = xmp.toString('utf8').match(/<(?:Container|GContainer):Item\b[^<>]*>/g) ?? [];
  return items
    .slice(0, ELEMENTS_MAX)
    .filter((item) => !/Item:Semantic\s*=\s*["']Primary["']/.test(item))
    .map((item) => numberOf(item, 'Item:Length') ?? 0);
}

/** The version of Adobe's description of gain maps that XMP has; undefined where it describes none. */
export const gainMapVersion = (xmp: Buffer): string | undefined =>
  /\bhdrgm:Version(?:\s*=\s*["']|>)\s*([\d.]+)/.exec(xmp.toString('utf8'))?.[1];

/**
 * What XMP says of a picture behind which a gain map lies (Ultra HDR Image Format 1.1): Google's container with a
 * directory of both. `bytes`: the gain map's length in the file.
 */
export const gainMapDirectory = (version: string, bytes: number): string =>
  '<rdf:Description rdf:about="" xmlns:Container="http://ns.google.com/photos/1.0/container/" ' +
  'xmlns:Item="http://ns.google.com/photos/1.0/container/item/" ' +
  `xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="${version}"><Container:Directory><rdf:Seq>` +
  '<rdf:li rdf:parseType="Resource"><Container:Item Item:Semantic="Primary" Item:Mime="image/jpeg"/></rdf:li>' +
  '<rdf:li rdf:parseType="Resource"><Container:Item Item:Semantic="GainMap" Item:Mime="image/jpeg" ' +
  `Item:Length="${bytes}"/></rdf:li></rdf:Seq></Container:Directory></rdf:Description>`;
