import { openSync, closeSync, fstatSync, readSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { FaultError } from '../../shared/faults';
import type { ExternalPiece, ReadExternal } from './tensorProto';

/** A model's file is data from a stranger: the names in it may reach for any file of this computer. */

function refusal(location: string, why: string): FaultError {
  return new FaultError(
    'bad-model',
    `Expected the model's weights in a file in its own folder, but "${location}" ${why}; ` +
      'save the model as one file, or with its weights beside it.',
    { file: location },
  );
}

/** The real path of a file in the folder; links are followed first, so that none leads out. */
function pathInside(folder: string, location: string): string {
  if (location === '' || isAbsolute(location) || location.split(/[\\/]/).includes('..')) {
    throw refusal(location, 'leads out of it');
  }
  let path: string;
  try {
    path = realpathSync(join(folder, location));
  } catch {
    throw refusal(location, 'is not there');
  }
  const inside = relative(realpathSync(folder), path);
  if (inside.startsWith(`..${sep}`) || isAbsolute(inside)) throw refusal(location, 'leads out of it');
  return path;
}

function readPiece(path: string, { location, offset, length }: ExternalPiece): Uint8Array {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const wanted = length ?? size - offset;
    const isWhole =
      Number.isSafeInteger(offset) && Number.isSafeInteger(wanted) && offset >= 0 && wanted >= 0;
    if (!isWhole || offset + wanted > size)
      throw refusal(location, `has ${size} bytes and not those it should`);
    const bytes = new Uint8Array(wanted);
    for (let at = 0; at < wanted;) {
      const count = readSync(file, bytes, at, wanted - at, offset + at);
      if (count === 0) throw refusal(location, 'ends too early');
      at += count;
    }
    return bytes;
  } finally {
    closeSync(file);
  }
}

/** Reads what a model at `modelPath` keeps beside it; throws the fault `bad-model` for any other file. */
export function externalDataBeside(modelPath: string): ReadExternal {
  const folder = dirname(modelPath);
  return (piece) => readPiece(pathInside(folder, piece.location), piece);
}
