import { stat } from 'node:fs/promises';
import { withReader } from '../../containers/byteSource';
import { boxesOf, findBox, readMeta, type Box, type CodePoints } from '../../containers/isoBoxes';
import type { PhotoMetadata } from '../../metadata/metadata';
import { EXIF_PREFIX } from '../../metadata/exif';
import { withNewStart } from './copying';
import { leftOut } from './leftOut';

/** A box (ISO/IEC 14496-12, 4.2); with `full` a full box of that version, without flags. */
function box(type: string, data: Buffer, full?: { readonly version: number }): Buffer {
  const head = Buffer.alloc(full ? 12 : 8);
  head.writeUInt32BE(head.length + data.length, 0);
  head.write(type, 4, 'latin1');
  if (full) head[8] = full.version;
  return Buffer.concat([head, data]);
}

function words(...values: readonly number[]): Buffer {
  const data = Buffer.alloc(2 * values.length);
  values.forEach((value, i) => data.writeUInt16BE(value, 2 * i));
  return data;
}

function long(value: number): Buffer {
  const data = Buffer.alloc(4);
  data.writeUInt32BE(value);
  return data;
}

/** Something that describes the picture: an item of the file (ISO/IEC 23008-12, annex A). */
interface Item {
  readonly type: 'Exif' | 'mime';
  /** Of the type `mime`. */
  readonly contentType?: string;
  readonly data: Buffer;
}

function itemsOf({ exif, xmp }: PhotoMetadata): Item[] {
  const items: Item[] = [];
  // Where the TIFF begins behind these four bytes.
  if (exif) items.push({ type: 'Exif', data: Buffer.concat([long(EXIF_PREFIX.length), exif]) });
  if (xmp) items.push({ type: 'mime', contentType: 'application/rdf+xml', data: xmp });
  return items;
}

/**
 * libheif turns RGB into luma and chroma by the matrix of BT.601 with all levels (H.273: 6), and says so in the
 * bitstream; an `nclx` box holds for the whole of it.
 */
const LIBHEIF_MATRIX = 6;
const FULL_RANGE = 0x80;

/** Colours as properties of the picture: the profile, and code points where the photo had them. */
function coloursOf(icc: Buffer | undefined, codes: CodePoints | undefined): Buffer[] {
  const colours: Buffer[] = [];
  if (icc) colours.push(box('colr', Buffer.concat([Buffer.from('prof', 'latin1'), icc])));
  if (codes) {
    const { primaries, transfer } = codes;
    const points = [words(primaries, transfer, LIBHEIF_MATRIX), Buffer.from([FULL_RANGE])];
    colours.push(box('colr', Buffer.concat([Buffer.from('nclx', 'latin1'), ...points])));
  }
  return colours;
}

/** The parts of a `meta` box as libheif writes it, each of the one version that it has; else a RangeError. */
class Meta {
  private readonly parts: readonly Box[];

  constructor(private readonly data: Buffer) {
    const [whole] = boxesOf(data);
    this.parts = whole ? boxesOf(data, whole.start + 4, whole.end) : [];
  }

  /** Number of the picture itself. */
  get primary(): number {
    return this.data.readUInt16BE(this.contentOf('pitm', 0));
  }

  /** Number of the last item. */
  get last(): number {
    const at = this.contentOf('iinf', 0);
    const entries = boxesOf(this.data, at + 2, this.part('iinf')!.end);
    return entries.reduce((most, { start }) => Math.max(most, this.data.readUInt16BE(start + 4)), 0);
  }

  part(type: string): Box | undefined {
    return this.parts.find((one) => one.type === type);
  }

  /** Where the content of a full box begins, which is there in this version. */
  contentOf(type: string, version: number): number {
    const found = this.part(type);
    if (found && this.data[found.start] === version) return found.start + 4;
    throw new RangeError(`expected the box ${type} of version ${version} in an AVIF as libheif writes it`);
  }

  /** The box anew, with some of its parts replaced and others added at the end. */
  with(changed: ReadonlyMap<string, Buffer>): Buffer {
    const kept = this.parts.map(({ type, at, end }) => changed.get(type) ?? this.data.subarray(at, end));
    const added = [...changed].filter(([type]) => !this.part(type)).map(([, data]) => data);
    return box('meta', Buffer.concat([...kept, ...added]), { version: 0 });
  }

  /** `iinf` with entries for these items. */
  infos(items: readonly (Item & { readonly id: number })[]): Buffer {
    const at = this.contentOf('iinf', 0);
    const entries = items.map(({ id, type, contentType }) =>
      box(
        'infe',
        Buffer.concat([
          words(id, 0),
          Buffer.from(`${type}\0`, 'latin1'),
          ...(contentType === undefined ? [] : [Buffer.from(`${contentType}\0`, 'latin1')]),
        ]),
        { version: 2 },
      ),
    );
    const count = this.data.readUInt16BE(at) + items.length;
    const before = this.data.subarray(at + 2, this.part('iinf')!.end);
    return box('iinf', Buffer.concat([words(count), before, ...entries]), { version: 0 });
  }

  /** `iref`, in which these items describe the picture. */
  references(ids: readonly number[]): Buffer {
    const found = this.part('iref');
    const before = found ? this.data.subarray(this.contentOf('iref', 0), found.end) : Buffer.alloc(0);
    const added = ids.map((id) => box('cdsc', words(id, 1, this.primary)));
    return box('iref', Buffer.concat([before, ...added]), { version: 0 });
  }

  /** `iprp` with further properties of the picture. */
  properties(added: readonly Buffer[]): Buffer {
    const { data, primary } = this;
    const whole = this.part('iprp');
    const list = whole && findBox(data, ['ipco'], whole.start, whole.end);
    const links = whole && findBox(data, ['ipma'], whole.start, whole.end);
    // Versions and flags as libheif writes them: numbers of items in two bytes, of properties in one.
    if (!list || !links || data.readUInt32BE(links.start) !== 0) {
      throw new RangeError('expected the boxes ipco and ipma in an AVIF as libheif writes it');
    }
    const first = boxesOf(data, list.start, list.end).length + 1;
    const entries = [data.subarray(links.start + 4, links.start + 8)];
    for (let at = links.start + 8; at + 3 <= links.end; at += 3 + data[at + 2]!) {
      const own = data.subarray(at + 3, at + 3 + data[at + 2]!);
      const more = data.readUInt16BE(at) === primary ? added.map((_, k) => first + k) : [];
      entries.push(data.subarray(at, at + 2), Buffer.from([own.length + more.length, ...own, ...more]));
    }
    return box(
      'iprp',
      Buffer.concat([
        box('ipco', Buffer.concat([data.subarray(list.start, list.end), ...added])),
        box('ipma', Buffer.concat(entries), { version: 0 }),
      ]),
    );
  }

  /** `iloc` for a file in which what lay behind this box lies `moved` bytes further, and with places of more items. */
  places(
    moved: number,
    items: readonly { readonly id: number; readonly at: number; readonly bytes: number }[],
  ): Buffer {
    const { data } = this;
    const from = this.contentOf('iloc', 0);
    if (data.readUInt16BE(from) !== PLAIN_PLACES) {
      throw new RangeError('expected places of four bytes in an AVIF as libheif writes it');
    }
    const moving = Buffer.from(data.subarray(from + 4, this.part('iloc')!.end));
    for (let at = 0; at + 10 <= moving.length;) {
      const extents = moving.readUInt16BE(at + 8);
      at += 10;
      for (let k = 0; k < extents; k++, at += 8) moving.writeUInt32BE(moving.readUInt32BE(at) + moved, at);
    }
    const added = items.map(({ id, at, bytes }) =>
      Buffer.concat([words(id, 0), long(0), words(1), long(at), long(bytes)]),
    );
    const count = data.readUInt16BE(from + 2) + items.length;
    return box('iloc', Buffer.concat([words(PLAIN_PLACES, count), moving, ...added]), { version: 0 });
  }
}

/** Offsets, lengths and bases in four bytes; libheif leaves the bases at zero. */
const PLAIN_PLACES = 0x4440;
const MDAT_HEAD_BYTES = 8;

/**
 * Puts what a photo carries into an AVIF as libheif wrote it without any: EXIF and XMP as items that describe the
 * picture, byte for byte, profile and code points as its properties. Gives sentences about what has no place there.
 */
export async function carryToAvif(file: string, metadata: PhotoMetadata): Promise<string[]> {
  const notes = leftOut('avif', metadata);
  const { icc, codes } = metadata;
  const colours = coloursOf(icc, codes);
  const found = itemsOf(metadata);
  if (colours.length + found.length === 0) return notes;
  const { size } = await stat(file);
  const { before, old } = await withReader(file, async (read) => {
    const old = await readMeta(read);
    if (!old) throw new RangeError('expected a meta box in an AVIF');
    return { before: await read(0, old.at), old };
  });
  const meta = new Meta(old.data);
  const { last } = meta;
  const items = found.map((item, k) => ({ ...item, id: last + 1 + k }));
  const changed = new Map([
    ['iinf', meta.infos(items)],
    ['iprp', meta.properties(colours)],
  ]);
  if (items.length > 0) changed.set('iref', meta.references(items.map(({ id }) => id)));
  const placed = (moved: number): Buffer => {
    let at = size + moved + MDAT_HEAD_BYTES;
    const places = items.map(({ id, data: { length: bytes } }) => ({ id, at: (at += bytes) - bytes, bytes }));
    return meta.with(new Map([...changed, ['iloc', meta.places(moved, places)]]));
  };
  // How long the box becomes does not depend on the numbers in it.
  const whole = placed(placed(0).length - old.data.length);
  const tail = items.length > 0 ? box('mdat', Buffer.concat(items.map(({ data }) => data))) : Buffer.alloc(0);
  await withNewStart(file, Buffer.concat([before, whole]), old.at + old.data.length, tail);
  return notes;
}
