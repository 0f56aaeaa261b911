import type { FilePhoto } from '../codec/read/open';
import type { ColourTable } from '../kernels/color/lut';
import type { Codec } from './answers';

/** A table that worker threads read where it is, instead of each getting a copy with every tile. */
function shared(table: ColourTable): ColourTable {
  const data = new Float32Array(new SharedArrayBuffer(table.data.byteLength));
  data.set(table.data);
  return { size: table.size, data };
}

/** Display tables of photos in memory that threads share, each made once. */
export function sharedTables(displayTable: Codec['displayTable']): Codec['displayTable'] {
  const known = new WeakMap<ColourTable, ColourTable>();
  return async (photo: FilePhoto, space) => {
    const table = await displayTable(photo, space);
    if (!table) return null;
    const copy = known.get(table) ?? shared(table);
    known.set(table, copy);
    return copy;
  };
}
