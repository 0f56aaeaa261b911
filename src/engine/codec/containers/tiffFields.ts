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

/** The first directory of a TIFF or BigTIFF; undefined where the file is neither or ends before it. */
export async function readFirstDirectory(read: ReadAt): Promise<TiffDirectory | undefined> {
  const head = await read(0, 16);
  if (head.length < 8) return undefined;
  const bigEndian = head.toString('latin1', 0, 2) === 'MM';
  const number = (from: Buffer, at: number, bytes: 2 | 4 | 8): number => {
    if (bytes === 8) return Number(bigEndian ? from.readBigUInt64BE(at) : from.readBigUInt64LE(at));
    return bigEndian ? from.readUIntBE(at, bytes) : from.readUIntLE(at, bytes);
  };
  const big = number(head, 2, 2) === 43;
  if (big && head.length < 16) return undefined;
  const wide = big ? 8 : 4;
  const entryBytes = big ? 20 : 12;
  const countBytes = big ? 8 : 2;
  const at = number(head, big ? 8 : 4, wide);
  const counted = await read(at, countBytes);
  if (counted.length < countBytes) return undefined;
  const count = Math.min(number(counted, 0, big ? 8 : 2), FIELDS_MAX);
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
