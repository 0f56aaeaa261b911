import type { Fault, FaultCode } from '../../shared/faults';
import type { BatchEstimate, FileEstimate } from './fileEstimate';

/** How far something that is weighed piece by piece has come. */
export interface WeighingProgress {
  readonly done: number;
  readonly of: number;
}

/** What is known of how large the files of an export will be. */
export interface FileWeight {
  /** Of the file that is looked at; null until all of its places were weighed: the mean of a few misleads. */
  readonly file: FileEstimate | null;
  readonly places: WeighingProgress;
  /** Of all files, where they are several; null until all that are asked were weighed. */
  readonly batch: BatchEstimate | null;
  readonly files: WeighingProgress;
  /** Why the file that is looked at cannot be made; then nothing goes on. */
  readonly fault: Fault | null;
}

const NONE: WeighingProgress = { done: 0, of: 0 };
export const NOT_WEIGHED: FileWeight = { file: null, places: NONE, batch: null, files: NONE, fault: null };

/** What is wrong with the photo's own file: its export fails by the same, and nothing but another file helps. */
const OF_THE_PHOTO: ReadonlySet<FaultCode> = new Set([
  'not-found',
  'not-a-file',
  'empty-file',
  'unreadable-image',
  'too-large',
  'unsupported-format',
  'unknown-photo',
  'photo-moved',
  'photo-changed',
  'photo-awaited',
]);

export const isOfThePhoto = ({ code }: Fault): boolean => OF_THE_PHOTO.has(code);
