import { join } from 'node:path';
import { version } from '../../../package.json';
import type { Codec } from './answers';
import type { EngineOutside } from './outside';
import type { FilePhoto } from '../codec/read/open';
import { BlindPictures } from '../jobs/blind/pictures';
import { opinionsIn } from '../jobs/blind/ratings';
import { LiveEvaluations } from '../jobs/evaluate/liveEvaluations';
import { LiveTrainings } from '../jobs/finetune/liveTrainings';
import type { KindParts } from '../jobs/kinds';
import { degraded } from '../jobs/recommend/degraded';
import { RecentCrops } from '../jobs/recommend/recoveredCrops';
import { Enlarged } from '../jobs/sheet/enlarged';
import type { Catalogue } from '../methods/catalogue';
import type { Paces } from '../methods/pace';
import type { Gauges } from '../metrics/gauges';
import type { OpenPhotos } from '../photos/openPhotos';
import type { Devices } from '../runtime/devices';
import type { Runtime } from '../runtime/runtime';
import type { SessionPool } from '../runtime/sessionPool';
import type { Queue } from '../schedule/queue';
import { BlindComparisons } from '../state/blindComparisons';
import type { Page } from '../../shared/contract';

/** What one engine has of each, and all kinds of jobs share. */
export interface Services {
  readonly runtime: Runtime;
  readonly sessions: SessionPool;
  readonly devices: Devices;
  readonly queue: Queue;
  readonly photos: OpenPhotos<FilePhoto>;
  readonly catalogue: Catalogue;
  readonly paces: Paces;
  readonly gauges: Gauges;
  readonly tableFor: Codec['displayTable'];
  /** What was found wrong with methods at the start. */
  readonly leftOut: readonly string[];
}

/** What each kind of job is made of. */
export function kindPartsOf(services: Services, outside: EngineOutside): KindParts {
  const { runtime, sessions, devices, queue, photos, catalogue, paces, gauges, tableFor } = services;
  const { files, pixels, scratchFolder } = outside;
  const tableForScreen = (photo: FilePhoto): ReturnType<Codec['displayTable']> => tableFor(photo, 'srgb');
  const readSample = (signal: AbortSignal) => files.readWhole(outside.sample, { scratchFolder, signal });
  const blindComparisons = new BlindComparisons(join(outside.configFolder, 'blind'), outside.notice);
  const enlarged = new Enlarged();
  return {
    blind: {
      catalogue,
      photos,
      kept: blindComparisons,
      pictures: new BlindPictures(),
      enlarged,
      tableFor: tableForScreen,
      besides: (work) => queue.besides(work),
      version,
    },
    doctor: {
      version,
      gauges,
      runtime,
      devices,
      catalogue,
      paces,
      leftOut: services.leftOut,
      codec: outside.codec,
    },
    evaluate: {
      version,
      catalogue,
      files: {
        listImages: files.listImages,
        readWhole: (path: string, signal: AbortSignal, page?: Page) =>
          files.readWhole(path, { scratchFolder, signal, page }),
      },
      photos,
      live: new LiveEvaluations(),
      gauges,
    },
    recommend: {
      catalogue,
      photos,
      gauges,
      besides: (work) => queue.besides(work),
      tableFor: tableForScreen,
      crops: new RecentCrops(),
      degrade: (input, condition, scale) => degraded(input, condition, scale, files.throughJpeg),
    },
    metrics: {
      gauges,
      openSimilarity: outside.openSimilarity,
      openPhoto: (path, signal, page) => files.openPhoto(path, { name: path, scratchFolder, signal, page }),
    },
    import: { sessions, catalogue, readSample },
    finetune: {
      catalogue,
      sessions,
      photos,
      openPhoto: files.openPhoto,
      sizeOfPhoto: files.sizeOfPhoto,
      throughJpeg: files.throughJpeg,
      gauges,
      readSample,
      encoders: join(outside.resources ?? '', 'encoders'),
      scratchFolder,
      version,
      live: new LiveTrainings(),
      tell: (event) => outside.tellEach(() => event),
      notice: outside.notice,
    },
    sheet: {
      catalogue,
      photos,
      openLpips: () => gauges.openLpips(),
      tableFor: tableForScreen,
      version,
      enlarged,
      askOpinions: opinionsIn(blindComparisons),
    },
    upscale: {
      files,
      pixels,
      photos,
      catalogue,
      tableFor,
      scratchFolder,
      version,
      markEveryMs: outside.markEveryMs,
      onPace: (method, scale, taken, megapixels) => void paces.refine(method, scale, taken, megapixels),
      onDevice: (method, device) => paces.noteDevice(method, device),
    },
  };
}
