import { inflateRawSync } from 'node:zlib';

/** An array of NumPy's in C order; of float32 or float64, as its file has it. */
export interface NpyArray {
  readonly dims: readonly number[];
  readonly values: Float32Array | Float64Array;
}

const END_OF_DIRECTORY = 0x06054b50;
const END_BYTES = 22;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const STORED = 0;
const DEFLATED = 8;

/** A zip file's members, by name; throws a `RangeError` or an `Error` that says what is not as it should be. */
function unzip(file: Buffer): Map<string, Buffer> {
  // The directory's end is found from behind: a comment of up to 64 KiB may follow it.
  let end = file.length - END_BYTES;
  while (end >= 0 && file.readUInt32LE(end) !== END_OF_DIRECTORY) end -= 1;
  if (end < 0) throw new Error('it is not a zip file');
  const members = new Map<string, Buffer>();
  let at = file.readUInt32LE(end + 16);
  for (let left = file.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (file.readUInt32LE(at) !== ENTRY) throw new Error('its directory is damaged');
    const method = file.readUInt16LE(at + 10);
    const packed = file.readUInt32LE(at + 20);
    const [nameLength, extraLength] = [file.readUInt16LE(at + 28), file.readUInt16LE(at + 30)];
    const name = file.toString('utf8', at + 46, at + 46 + nameLength);
    members.set(name, unpack(file, file.readUInt32LE(at + 42), packed, method));
    at += 46 + nameLength + extraLength + file.readUInt16LE(at + 32);
  }
  return members;
}

/** Sizes are the directory's: the local header may leave them to an extra field. */
function unpack(file: Buffer, at: number, packed: number, method: number): Buffer {
  if (file.readUInt32LE(at) !== LOCAL) throw new Error('its directory is damaged');
  const start = at + 30 + file.readUInt16LE(at + 26) + file.readUInt16LE(at + 28);
  const content = file.subarray(start, start + packed);
  if (content.length < packed) throw new Error('it is cut short');
  if (method === STORED) return content;
  if (method === DEFLATED) return inflateRawSync(content);
  throw new Error(`it is packed by method ${method}, and only 0 and 8 are known`);
}

/** Fortran's order of a matrix as C's. */
function inRows(
  values: Float64Array | Float32Array,
  [rows = 1, columns = 1]: readonly number[],
): typeof values {
  return values.map((_, i) => values[(i % columns) * rows + Math.floor(i / columns)]!);
}

/** A .npy file of versions 1 to 3, little-endian float32 or float64; in Fortran's order up to two dimensions. */
function readNpy(file: Buffer, name: string): NpyArray {
  if (file.toString('latin1', 1, 6) !== 'NUMPY') throw new Error(`${name} is not a NumPy array`);
  const wide = file[6]! > 1;
  const start = (wide ? 12 : 10) + (wide ? file.readUInt32LE(8) : file.readUInt16LE(8));
  const header = file.toString('latin1', wide ? 12 : 10, start);
  const shape = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  const size = /'descr':\s*'<f([48])'/.exec(header)?.[1];
  const dims = (shape ?? '')
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number);
  const isFortran = /'fortran_order':\s*True/.test(header);
  if (!size || shape === undefined || (isFortran && dims.length > 2)) {
    throw new Error(`${name} is not of little-endian float32 or float64 in C order: ${header.trim()}`);
  }
  const bytes = Number(size) * dims.reduce((product, dim) => product * dim, 1);
  if (file.length - start !== bytes) {
    throw new Error(`${name} has ${file.length - start} bytes where its shape needs ${bytes}`);
  }
  const { buffer } = new Uint8Array(file.subarray(start)); // a copy, and so aligned
  const values = size === '4' ? new Float32Array(buffer) : new Float64Array(buffer);
  return { dims, values: isFortran && dims.length === 2 ? inRows(values, dims) : values };
}

/** The arrays of an .npz file of floating point arrays, by name (without .npy). Throws an `Error` saying what is wrong. */
export function readNpz(file: Buffer): ReadonlyMap<string, NpyArray> {
  const arrays = new Map<string, NpyArray>();
  for (const [member, content] of unzip(file)) {
    const name = member.replace(/\.npy$/, '');
    arrays.set(name, readNpy(content, name));
  }
  return arrays;
}
