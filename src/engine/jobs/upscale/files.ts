import type { createScratch, reopenScratch } from '../../codec/scratch/scratch';
import type { openPhoto } from '../../codec/read/open';
import type { encodePhoto } from '../../codec/write/encode';
import type { writeGainMap } from '../../codec/write/gainMapFile';
import type { expectPlace } from '../../codec/write/place';
import type { planEncoding } from '../../codec/write/plan';
import type { expectRoom } from '../../codec/write/room';

/** The part of the codec that makes files. */
export interface UpscaleFiles {
  readonly openPhoto: typeof openPhoto;
  readonly planEncoding: typeof planEncoding;
  readonly expectPlace: typeof expectPlace;
  readonly expectRoom: typeof expectRoom;
  readonly createScratch: typeof createScratch;
  readonly reopenScratch: typeof reopenScratch;
  readonly encodePhoto: typeof encodePhoto;
  readonly writeGainMap: typeof writeGainMap;
}
