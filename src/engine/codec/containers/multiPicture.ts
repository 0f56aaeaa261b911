/** A picture of a file of several: its bytes from the start of that file. */
export interface PictureRange {
  readonly at: number;
  readonly bytes: number;
}

const HEADER_BYTES = 8;
const FIELD_BYTES = 12;
const ENTRY_BYTES = 16;
const FIELDS = { version: 0xb000, count: 0xb001, entries: 0xb002 } as const;
const TYPES = { long: 4, undefined: 7 } as const;
/** A baseline picture that is the primary one; what is attached to it has no type that the standard knows. */
const PRIMARY = 0x030000;
/** Cameras attach a handful; a hostile index has as many as fit. */
const PICTURES_MAX = 64;

/**
 * The pictures that an index (CIPA DC-007, 5.2) says are attached to the first. `index`: what follows "MPF\0", whose
 * offsets count from its own start, which lies at `indexAt` in the file. Damage gives none.
 */
export function attachedPictures(index: Buffer, indexAt: number): PictureRange[] {
  const order = index.toString('latin1', 0, 4);
  if (order !== 'II*\0' && order !== 'MM\0*') return [];
  const isLittle = order === 'II*\0';
  const has = (at: number, bytes: number): boolean => at + bytes <= index.length;
  const u16 = (at: number): number => (isLittle ? index.readUInt16LE(at) : index.readUInt16BE(at));
  const u32 = (at: number): number => (isLittle ? index.readUInt32LE(at) : index.readUInt32BE(at));
  if (!has(4, 4)) return [];
  const directory = u32(4);
  if (!has(directory, 2)) return [];
  for (let i = 0; i < u16(directory); i++) {
    const field = directory + 2 + FIELD_BYTES * i;
    if (!has(field, FIELD_BYTES)) return [];
    if (u16(field) !== FIELDS.entries) continue;
    const entries = u32(field + 8);
    const count = Math.min(PICTURES_MAX, Math.floor(u32(field + 4) / ENTRY_BYTES));
    if (!has(entries, count * ENTRY_BYTES)) return [];
    const pictures = Array.from({ length: count }, (_, k) => ({
      at: indexAt + u32(entries + ENTRY_BYTES * k + 8),
      bytes: u32(entries + ENTRY_BYTES * k + 4),
    }));
    return pictures.slice(1); // the first is the primary one, whose offset is 0 by definition
  }
  return [];
}

/** What is left of a file for its pictures, above which the index has no numbers. */
export const INDEXED_BYTES_MAX = 0xffffffff;

/**
 * The index of a file that ends with one attached picture. `indexAt`: where its bytes will begin in the file, which is
 * four behind the start of its segment's data; `primaryBytes`: where the attached picture begins.
 */
export function encodeIndex(indexAt: number, primaryBytes: number, attachedBytes: number): Buffer {
  const entriesAt = HEADER_BYTES + 2 + 3 * FIELD_BYTES + 4;
  const index = Buffer.alloc(entriesAt + 2 * ENTRY_BYTES);
  index.write('MM\0*', 'latin1');
  index.writeUInt32BE(HEADER_BYTES, 4);
  index.writeUInt16BE(3, HEADER_BYTES);
  const field = (i: number, tag: number, type: number, count: number): number => {
    const at = HEADER_BYTES + 2 + FIELD_BYTES * i;
    index.writeUInt16BE(tag, at);
    index.writeUInt16BE(type, at + 2);
    index.writeUInt32BE(count, at + 4);
    return at + 8;
  };
  index.write('0100', field(0, FIELDS.version, TYPES.undefined, 4), 'latin1');
  index.writeUInt32BE(2, field(1, FIELDS.count, TYPES.long, 1));
  index.writeUInt32BE(entriesAt, field(2, FIELDS.entries, TYPES.undefined, 2 * ENTRY_BYTES));
  index.writeUInt32BE(PRIMARY, entriesAt);
  index.writeUInt32BE(primaryBytes, entriesAt + 4);
  index.writeUInt32BE(attachedBytes, entriesAt + ENTRY_BYTES + 4);
  index.writeUInt32BE(primaryBytes - indexAt, entriesAt + ENTRY_BYTES + 8);
  return index;
}

/** The bytes of any such index. */
export const INDEX_BYTES = encodeIndex(0, 0, 0).length;
