import { createHash } from 'node:crypto';

/**
 * XMP (ISO 16684-1) as text. Only simple properties are touched, as attribute or as element, under the prefixes
 * that every writer uses; the rest stays as it is.
 */
const escaped = (name: string): string => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Sets a property where it is there. */
function set(text: string, name: string, value: string | number): string {
  const at = escaped(name);
  return text
    .replace(new RegExp(`(\\b${at}\\s*=\\s*)(["'])[^"']*\\2`, 'g'), `$1$2${value}$2`)
    .replace(new RegExp(`(<${at}>)[^<]*(</${at}>)`, 'g'), `$1${value}$2`);
}

/** The number that a property has; undefined where it is not there. */
export function numberOf(text: string, name: string): number | undefined {
  const at = escaped(name);
  const found = new RegExp(`\\b${at}(?:\\s*=\\s*["']|>)\\s*([\\d.]+)`).exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** Takes simple properties out, whose names a pattern says. */
const without = (text: string, names: string): string =>
  text.replace(new RegExp(`\\s${names}\\s*=\\s*(?:"[^"]*"|'[^']*')|<(${names})>[^<]*</\\1>`, 'g'), '');

/** Elements looked at in one packet: a hostile one has a hundred thousand that never close. */
export const ELEMENTS_MAX = 256;

/** Takes every property of the prefixes out, attributes and elements with all that is inside. */
export function withoutPrefixes(text: string, prefixes: string): string {
  const attributes = new RegExp(`\\s(?:${prefixes}):[\\w-]+\\s*=\\s*(?:"[^"]*"|'[^']*')`, 'g');
  const opening = new RegExp(`<((?:${prefixes}):[\\w-]+)(?:\\s[^<>]*)?>`, 'g');
  let kept = '';
  let from = 0;
  const plain = text.replace(attributes, '');
  for (let seen = 0; seen < ELEMENTS_MAX; seen++) {
    opening.lastIndex = from;
    const found = opening.exec(plain);
    if (!found) break;
    const closing = `</${found[1]!}>`;
    const end = found[0].endsWith('/>') ? opening.lastIndex : plain.indexOf(closing, opening.lastIndex);
    if (end < 0) break; // no XML: what follows stays
    kept += plain.slice(from, found.index);
    from = found[0].endsWith('/>') ? end : end + closing.length;
  }
  return kept + plain.slice(from);
}

/** XMP of a picture that has been turned upright: `tiff:Orientation` becomes 1. */
export function uprightXmp(xmp: Buffer): Buffer {
  return Buffer.from(set(xmp.toString('utf8'), 'tiff:Orientation', 1), 'utf8');
}

/** What an enlargement is of its photo: a part, enlarged. */
export interface XmpChange {
  readonly size: { readonly width: number; readonly height: number };
  /** Where the enlarged part begins, in pixels of the whole enlargement. */
  readonly left: number;
  readonly top: number;
  readonly scale: number;
  readonly density?: { readonly x: number; readonly y: number };
  readonly withoutGps: boolean;
  readonly withoutDensity: boolean;
}

/** Sizes, density and the panorama's frame (Google's Photo Sphere XMP) as they are after enlarging. */
export function changedXmp(xmp: Buffer, change: XmpChange): Buffer {
  const { size, left, top, scale, density, withoutGps, withoutDensity } = change;
  let text = xmp.toString('utf8');
  const scaled = (name: string, plus = 0): void => {
    const value = numberOf(text, name);
    if (value !== undefined) text = set(text, name, Math.round(value * scale + plus));
  };
  for (const prefix of ['tiff:ImageWidth', 'exif:PixelXDimension', 'GPano:CroppedAreaImageWidthPixels'])
    text = set(text, prefix, size.width);
  for (const prefix of ['tiff:ImageLength', 'exif:PixelYDimension', 'GPano:CroppedAreaImageHeightPixels'])
    text = set(text, prefix, size.height);
  scaled('GPano:FullPanoWidthPixels');
  scaled('GPano:FullPanoHeightPixels');
  scaled('GPano:CroppedAreaLeftPixels', left);
  scaled('GPano:CroppedAreaTopPixels', top);
  if (density) {
    text = set(text, 'tiff:XResolution', `${Math.round(density.x * 1000)}/1000`);
    text = set(text, 'tiff:YResolution', `${Math.round(density.y * 1000)}/1000`);
    text = set(text, 'tiff:ResolutionUnit', 2);
  }
  if (withoutGps) text = without(text, 'exif:GPS\\w+');
  if (withoutDensity) text = without(text, 'tiff:(?:[XY]Resolution|ResolutionUnit)');
  return Buffer.from(text, 'utf8');
}

const NAMESPACE = 'urn:enlarger:1.0';

const attribute = (value: string): string =>
  value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** How a file came to be: for the file to say it itself. */
export interface Provenance {
  readonly version: string;
  readonly method: string;
  readonly scale: number;
}

/** XMP with a description of what made the picture; a packet of its own where there was none. */
export function withProvenance(xmp: Buffer | undefined, { version, method, scale }: Provenance): Buffer {
  const description =
    `<rdf:Description rdf:about="" xmlns:enlarger="${NAMESPACE}" enlarger:Version="${attribute(version)}" ` +
    `enlarger:Method="${attribute(method)}" enlarger:Scale="${Number(scale.toFixed(6))}"/>`;
  const text = xmp
    ?.toString('utf8')
    .replace(new RegExp(`<rdf:Description[^>]*xmlns:enlarger="${NAMESPACE}"[^>]*/>`, 'g'), '');
  return withDescription(text, description);
}

/** XMP with one more description; a packet of its own where there is none that could hold it. */
export function withDescription(xmp: Buffer | string | undefined, description: string): Buffer {
  const text = xmp?.toString('utf8');
  const end = text?.lastIndexOf('</rdf:RDF>') ?? -1;
  return Buffer.from(
    text !== undefined && end >= 0 ? text.slice(0, end) + description + text.slice(end) : packet(description),
    'utf8',
  );
}

const packet = (inside: string): string =>
  '<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>' +
  '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
  `${inside}</rdf:RDF></x:xmpmeta><?xpacket end="w"?>`;

/**
 * Extended XMP (XMP Specification part 3, 1.1.3.1): the packet that points to it, and its own bytes and name. `beside`:
 * a description that stays in the packet, for readers that look at no more.
 */
export function extended(xmp: Buffer, beside = ''): { packet: Buffer; guid: string; extension: Buffer } {
  const guid = createHash('md5').update(xmp).digest('hex').toUpperCase();
  const pointer = `<rdf:Description rdf:about="" xmlns:xmpNote="http://ns.adobe.com/xmp/note/" xmpNote:HasExtendedXMP="${guid}"/>`;
  return { packet: Buffer.from(packet(pointer + beside), 'utf8'), guid, extension: xmp };
}

/** The name of the extension that a packet points to. */
export const extensionOf = (xmp: Buffer): string | undefined =>
  /xmpNote:HasExtendedXMP\s*(?:=\s*["']|>)\s*([0-9A-Fa-f]{32})/.exec(xmp.toString('utf8'))?.[1];

/** A packet and its extension as one. */
export function merged(xmp: Buffer, extension: Buffer): Buffer {
  const main = withoutPrefixes(xmp.toString('utf8'), 'xmpNote');
  const inside = /<rdf:RDF[^>]*>([^]*)<\/rdf:RDF>/.exec(extension.toString('utf8'))?.[1] ?? '';
  const end = main.lastIndexOf('</rdf:RDF>');
  return end < 0 ? extension : Buffer.from(main.slice(0, end) + inside + main.slice(end), 'utf8');
}
