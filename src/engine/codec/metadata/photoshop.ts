/**
 * Photoshop's image resources (Adobe Photoshop File Formats Specification, "Image Resource Blocks"), as APP13 of
 * a JPEG and tag 34377 of a TIFF hold them.
 */
export interface Resource {
  readonly id: number;
  /** The Pascal string of its name, padded, as stored. */
  readonly name: Buffer;
  readonly data: Buffer;
}

const SIGNATURE = '8BIM';
const RESOLUTION = 0x03ed;
const IPTC = 0x0404;
/** Small pictures of the photo as it was: they would show it before it was turned or cut. */
const THUMBNAILS = [0x0409, 0x040c];
const RESOURCES_MAX = 1024;

export function decodeResources(block: Buffer): Resource[] {
  const resources: Resource[] = [];
  let at = 0;
  while (at + 12 <= block.length && resources.length < RESOURCES_MAX) {
    if (block.toString('latin1', at, at + 4) !== SIGNATURE) break;
    const id = block.readUInt16BE(at + 4);
    const nameBytes = 1 + block[at + 6]!;
    const nameEnd = at + 6 + nameBytes + (nameBytes % 2);
    if (nameEnd + 4 > block.length) break;
    const length = block.readUInt32BE(nameEnd);
    const start = nameEnd + 4;
    if (start + length > block.length) break;
    resources.push({
      id,
      name: block.subarray(at + 6, nameEnd),
      data: block.subarray(start, start + length),
    });
    at = start + length + (length % 2);
  }
  return resources;
}

export function encodeResources(resources: readonly Resource[]): Buffer {
  return Buffer.concat(
    resources.map(({ id, name, data }) => {
      const head = Buffer.alloc(6);
      head.write(SIGNATURE, 0, 'latin1');
      head.writeUInt16BE(id, 4);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(data.length);
      return Buffer.concat([head, name, length, data, Buffer.alloc(data.length % 2)]);
    }),
  );
}

/** The IPTC records (IIM) among the resources. */
export const iptcOf = (resources: readonly Resource[]): Buffer | undefined =>
  resources.find(({ id }) => id === IPTC)?.data;

const noName = Buffer.alloc(2);

/** IPTC records in front of the other resources; undefined where there is neither. */
export function withIptc(photoshop: Buffer | undefined, iptc: Buffer | undefined): Buffer | undefined {
  const others = photoshop ? decodeResources(photoshop).filter(({ id }) => id !== IPTC) : [];
  const all = iptc ? [{ id: IPTC, name: noName, data: iptc }, ...others] : others;
  return all.length === 0 ? undefined : encodeResources(all);
}

/** ResolutionInfo, in pixels an inch: 16.16 numbers, each with its unit and a unit to show sizes in. */
function resolutionInfo(x: number, y: number): Buffer {
  const data = Buffer.alloc(16);
  data.writeUInt32BE(Math.round(x * 65536), 0);
  data.writeUInt16BE(1, 4);
  data.writeUInt16BE(1, 6);
  data.writeUInt32BE(Math.round(y * 65536), 8);
  data.writeUInt16BE(1, 12);
  data.writeUInt16BE(1, 14);
  return data;
}

/** The resources of a picture after enlarging: with its density where one is told, without thumbnails. */
export function enlargedResources(
  photoshop: Buffer,
  density: { readonly x: number; readonly y: number } | undefined,
): Buffer | undefined {
  const kept = decodeResources(photoshop)
    .filter(({ id }) => !THUMBNAILS.includes(id))
    .filter(({ id }) => density !== undefined || id !== RESOLUTION)
    .map((one) => (one.id === RESOLUTION ? { ...one, data: resolutionInfo(density!.x, density!.y) } : one));
  return kept.length === 0 ? undefined : encodeResources(kept);
}
