import { BLOCK_BYTES_MAX, type ReadAt } from './byteSource';

/** A field of a TIFF's directory (TIFF 6.0, section 2; BigTIFF), by where its value lies. */
export interface TiffField {
  readonly type: number;
  readonly count: number;
  readonly at: number;
}

const VALUE_BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];
const FIELDS_MAX = 4096;

/** One directory of a TIFF, its fields by tag, with readers of their values. */
export class TiffDirectory {
  constructor(
    private readonly read: ReadAt,
    private readonly bigEndian: boolean,
    private readonly fields: ReadonlyMap<number, TiffField>,
  ) {}

  has(tag: number): boolean {
    return this.fields.has(tag);
  }

  /** The value's bytes as they lie in the file; undefined where it is missing or longer than any metadata. */
  async bytes(tag: number): Promise<Buffer | undefined> {
    const field = this.fields.get(tag);
    if (!field) return undefined;
    const length = (VALUE_BYTES[field.type] ?? 0) * field.count;
    return length === 0 || length > BLOCK_BYTES_MAX ? undefined : this.read(field.at, length);
  }

  /** Whole numbers and fractions; at most 64 of them. */
  async numbers(tag: number): Promise<number[]> {
    const field = this.fields.get(tag);
    const width = VALUE_BYTES[field?.type ?? 0] ?? 0;
    if (!field || width === 0) return [];
    const data = await this.read(field.at, width * Math.min(field.count, 64));
    const values: number[] = [];
    for (let at = 0; at + width <= data.length; at += width) values.push(this.number(data, at, field.type));
    return values;
  }

  private number(data: Buffer, at: number, type: number): number {
    const unsigned = (from: number, bytes: number): number =>
      this.bigEndian ? data.readUIntBE(from, bytes) : data.readUIntLE(from, bytes);
    switch (type) {
      case 3:
        return unsigned(at, 2);
      case 4:
      case 13:
        return unsigned(at, 4);
      case 5:
        return unsigned(at, 4) / unsigned(at + 4, 4);
      case 16:
        return Number(this.bigEndian ? data.readBigUInt64BE(at) : data.readBigUInt64LE(at));
      default:
        return data[at]!;
    }
  }
}

/** How a TIFF's directories are laid out: byte order, and the widths of TIFF or BigTIFF. */
interface Form {
  readonly bigEndian: boolean;
  readonly number: (from: Buffer, at: number, bytes: 2 | 4 | 8) => number;
  readonly wide: 4 | 8;
  readonly countBytes: 2 | 8;
  readonly entryBytes: 12 | 20;
  /** Where the first directory lies. */
  readonly first: number;
}

const BIG_TIFF = 43;
/** TIFF, BigTIFF, and what Olympus and Panasonic write in their place. */
const VERSIONS = new Set([42, BIG_TIFF, 0x4f52, 0x5352, 0x55]);

async function formOf(read: ReadAt): Promise<Form | undefined> {
  const head = await read(0, 16);
  if (head.length < 8) return undefined;
  const order = head.toString('latin1', 0, 2);
  const bigEndian = order === 'MM';
  const number: Form['number'] = (from, at, bytes) => {
    if (bytes === 8) return Number(bigEndian ? from.readBigUInt64BE(at) : from.readBigUInt64LE(at));
    return bigEndian ? from.readUIntBE(at, bytes) : from.readUIntLE(at, bytes);
  };
  const version = number(head, 2, 2);
  if (!['II', 'MM'].includes(order) || !VERSIONS.has(version)) return undefined;
  if (version !== BIG_TIFF) {
    return { bigEndian, number, wide: 4, countBytes: 2, entryBytes: 12, first: number(head, 4, 4) };
  }
  if (head.length < 16) return undefined;
  return { bigEndian, number, wide: 8, countBytes: 8, entryBytes: 20, first: number(head, 8, 8) };
}

/** Where the directory of a page lies, from 0; undefined where the chain ends before it or leads in a circle. */
async function placeOf(read: ReadAt, form: Form, page: number): Promise<number | undefined> {
  const { number, wide, countBytes, entryBytes } = form;
  const passed = new Set<number>();
  let at = form.first;
  for (let k = 0; k < page; k++) {
    if (at === 0 || passed.has(at)) return undefined;
    passed.add(at);
    const counted = await read(at, countBytes);
    if (counted.length < countBytes) return undefined;
    const next = await read(at + countBytes + number(counted, 0, countBytes) * entryBytes, wide);
    if (next.length < wide) return undefined;
    at = number(next, 0, wide);
  }
  return at === 0 || passed.has(at) ? undefined : at;
}

/** Where the directory of a page (from 0) of a TIFF or BigTIFF lies in the file; undefined where there is none. */
export async function directoryPlace(read: ReadAt, page: number): Promise<number | undefined> {
  const form = await formOf(read);
  return form && placeOf(read, form, page);
}

/** The directory of a page (from 0) of a TIFF or BigTIFF; undefined where the file is neither or ends before it. */
export async function readTiffDirectory(read: ReadAt, page: number): Promise<TiffDirectory | undefined> {
  const form = await formOf(read);
  if (!form) return undefined;
  const at = await placeOf(read, form, page);
  if (at === undefined) return undefined;
  const { bigEndian, number, wide, countBytes, entryBytes } = form;
  const counted = await read(at, countBytes);
  if (counted.length < countBytes) return undefined;
  const count = Math.min(number(counted, 0, countBytes), FIELDS_MAX);
  const body = await read(at + countBytes, count * entryBytes);
  const fields = new Map<number, TiffField>();
  for (let p = 0; p + entryBytes <= body.length; p += entryBytes) {
    const [tag, type, values] = [number(body, p, 2), number(body, p + 2, 2), number(body, p + 4, wide)];
    const valueAt = p + 4 + wide;
    const inside = (VALUE_BYTES[type] ?? 0) * values <= wide;
    const field = {
      type,
      count: values,
      at: inside ? at + countBytes + valueAt : number(body, valueAt, wide),
    };
    if (!fields.has(tag)) fields.set(tag, field);
  }
  return new TiffDirectory(read, bigEndian, fields);
}
