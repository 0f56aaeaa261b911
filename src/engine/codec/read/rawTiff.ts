import { extname } from 'node:path';
import type { ReadAt } from '../containers/byteSource';
import { readTiffDirectory, type TiffDirectory } from '../containers/tiffFields';

/** Tags that only camera raw files and DNG have: DNGVersion, CFARepeatPatternDim, CFAPattern. */
const RAW_TAGS = [50706, 33421, 33422];
const PHOTOMETRIC_INTERPRETATION = 262;
/** What a sensor's values are called there: colour filter array, linear raw. */
const SENSOR_VALUES = [32803, 34892];

/** Files whose first directory looks like a small picture's, since the sensor's values lie in another. */
const ENDINGS = new Set(
  ['nef', 'nrw', 'cr2', 'arw', 'sr2', 'dng', 'pef', 'srw', '3fr', 'iiq', 'rwl'].map((one) => `.${one}`),
);
/** Behind the header of a Canon's file. */
const CANON = { at: 8, says: 'CR' } as const;

/** Whether a directory of a TIFF describes a sensor's values and no picture. */
export async function hasSensorValues(directory: TiffDirectory): Promise<boolean> {
  if (RAW_TAGS.some((tag) => directory.has(tag))) return true;
  const [photometric = 1] = await directory.numbers(PHOTOMETRIC_INTERPRETATION);
  return SENSOR_VALUES.includes(photometric);
}

/** Whether a file that begins like a TIFF is camera raw: by its tags, and where these need not tell, by its ending. */
export async function isRawTiff(read: ReadAt, path: string): Promise<boolean> {
  if (ENDINGS.has(extname(path).toLowerCase())) return true;
  if ((await read(CANON.at, CANON.says.length)).toString('latin1') === CANON.says) return true;
  const directory = await readTiffDirectory(read, 0);
  return directory !== undefined && hasSensorValues(directory);
}
