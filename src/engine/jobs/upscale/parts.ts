import type { DisplaySpace } from '../../../shared/contract';
import type { FilePhoto } from '../../codec/read/open';
import type { ColourTable } from '../../kernels/color/lut';
import type { Catalogue } from '../../methods/catalogue';
import type { Method } from '../../methods/method';
import type { Taken } from '../../methods/pace';
import type { Pixels } from '../../pixels/pixels';
import type { RealDevice } from '../../runtime/runtime';
import type { LastingJob } from '../job';
import type { UpscaleFiles } from './files';
import type { Reached } from './marks';
import type { StoredOrder } from './order';
import type { LeasedPhotos } from './source';

/** What enlarging into files needs of the engine. */
export interface UpscaleParts {
  readonly files: UpscaleFiles;
  readonly pixels: Pixels;
  readonly photos: LeasedPhotos;
  readonly catalogue: Pick<Catalogue, 'get' | 'during'>;
  /** Where photos that are opened for a job keep their pixels: gone with the engine. */
  readonly scratchFolder: string;
  /** The table from a photo's colours to others, as files without a profile have them; null: they are the same. */
  readonly tableFor: (photo: FilePhoto, display: DisplaySpace) => Promise<ColourTable | null>;
  /** Of Enlarger. */
  readonly version: string;
  /** Milliseconds between two marks in the ledger; undefined: as usual. */
  readonly markEveryMs?: number | undefined;
  /** What enlarging took and where it ran, for the method's card. */
  readonly onPace: (method: Method, scale: number, taken: Taken, megapixels: number) => void;
  readonly onDevice: (method: Method, device: RealDevice) => void;
}

/** One run of a job: the first, or one that goes on from what earlier ones reached. */
export interface UpscaleRun {
  readonly parts: UpscaleParts;
  readonly stored: StoredOrder;
  readonly job: LastingJob;
  readonly reached: Reached;
  /** Devices that made tiles, in this run and those before. */
  readonly devices: Set<string>;
}
