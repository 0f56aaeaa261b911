import type { MethodCard, Page, PhotoInfo } from '../../shared/contract';
import type { displayTable } from '../codec/read/display';
import type { listImages } from '../codec/read/listImages';
import type { FilePhoto, openPhoto } from '../codec/read/open';
import type { readWhole } from '../codec/read/readWhole';
import type { sizeOfPhoto } from '../codec/read/sizeOfPhoto';
import type { throughJpeg } from '../codec/throughJpeg';
import type { BlindRatings } from '../jobs/blind/ratings';
import { evaluationCrop, type CropParts } from '../jobs/evaluate/crop';
import type { LiveTrainings } from '../jobs/finetune/liveTrainings';
import type { Jobs } from '../jobs/jobs';
import type { RecentCrops } from '../jobs/recommend/recoveredCrops';
import type { SheetDrawings } from '../jobs/sheet/drawings';
import { readSheet } from '../jobs/sheet/drawings';
import type { EncodingTrials } from '../jobs/upscale/encodingTrials';
import type { UpscaleFiles } from '../jobs/upscale/files';
import type { Catalogue } from '../methods/catalogue';
import { exportModel, renameModel } from '../methods/ownModel';
import type { CatalogueEntry } from '../methods/modelsFolder';
import type { Gauges } from '../metrics/gauges';
import type { Paces } from '../methods/pace';
import { conditionOfPhoto } from '../photos/condition';
import type { OpenPhotos } from '../photos/openPhotos';
import type { Devices } from '../runtime/devices';
import { describeMachine, placeOfModels } from '../runtime/machine';
import type { Queue } from '../schedule/queue';
import type { Client } from '../schedule/client';
import type { Answers } from './server';
import type { Store } from '../state/store';
import type { Views } from '../views/views';

/** All that the engine needs of the codec; tests put something else in its place. */
export interface Codec extends UpscaleFiles {
  readonly openPhoto: typeof openPhoto;
  readonly readWhole: typeof readWhole;
  readonly listImages: typeof listImages;
  readonly displayTable: typeof displayTable;
  readonly sizeOfPhoto: typeof sizeOfPhoto;
  readonly throughJpeg: typeof throughJpeg;
}

export interface EngineParts {
  readonly files: Codec;
  readonly jobs: Jobs;
  readonly trainings: LiveTrainings;
  readonly recentCrops: RecentCrops;
  readonly evaluations: CropParts;
  readonly blind: BlindRatings;
  readonly sheets: SheetDrawings;
  readonly encodings: EncodingTrials;
  readonly catalogue: Catalogue;
  readonly paces: Paces;
  readonly gauges: Gauges;
  readonly store: Store;
  readonly queue: Queue;
  readonly photos: OpenPhotos<FilePhoto>;
  readonly views: Views;
  readonly devices: Devices;
  /** Where the user's own models lie. */
  readonly modelsFolder: string;
  readonly scratchFolder: string;
  /** The sample chart's file. */
  readonly sample: string;
  /** Measures methods that were never measured, when nothing else is to be done. */
  readonly measureLater: () => void;
}

const done = null;

/** What the engine does for each call. */
export function answersOf(parts: EngineParts): Answers {
  const { files, photos, views, jobs, queue, store, catalogue, paces, scratchFolder } = parts;

  const open = async (
    { id, gone }: Client,
    token: string,
    path: string,
    name: string,
    temporary: boolean,
    page?: Page,
  ): Promise<PhotoInfo> => {
    const known = photos.infoOf(id, token);
    if (known) return known;
    const photo = await queue.besides(() =>
      files.openPhoto(path, { name, scratchFolder, signal: gone, temporary, page }),
    );
    if (gone.aborted) await photo.close();
    gone.throwIfAborted();
    return photos.add(id, token, photo);
  };
  const feedParts = ({ id, emit }: Client) => ({ client: id, queue, emit });
  const cardOf = ({ method, origin, source }: CatalogueEntry): MethodCard => ({
    ...method.card,
    origin,
    source,
    paces: paces.of(method),
    device: paces.device(method),
  });
  return {
    'settings:read': () => Promise.resolve(store.state.settings),
    'settings:change': async (_, change) => {
      await store.update((state) => (state.settings = { ...state.settings, ...change }));
      return done;
    },
    'machine:describe': () => describeMachine(parts.devices, parts.modelsFolder),
    'models:place': () => placeOfModels(parts.modelsFolder),
    'methods:list': async (_, { measure }) => {
      await catalogue.refresh();
      if (measure) parts.measureLater();
      return catalogue.list.map(cardOf);
    },

    'method:rename': async (_, { id, name }) => {
      await renameModel(catalogue, id, name);
      return done;
    },
    'method:remove': async (_, { id }) => {
      await catalogue.remove(id);
      return done;
    },
    'method:export': async (_, { id, path }) => {
      await exportModel(catalogue, id, path);
      return done;
    },

    'photo:open': (client, { photo, path, name, temporary, page }) =>
      open(client, photo, path, name ?? path, temporary, page),
    'photo:sample': (client, { photo }) => open(client, photo, parts.sample, 'chart.png', false),
    'photo:close': async ({ id }, { photo }) => {
      photos.lease(id, photo).end(); // throws where it is another client's
      views.forgetPhoto(id, photo);
      await photos.close(id, photo);
      return done;
    },
    'photo:condition': async ({ id, gone }, { photo: token }) => {
      const { photo, end } = photos.lease(id, token);
      const asked = { priority: 'background', client: id, signal: gone } as const;
      return queue.during(asked, () => conditionOfPhoto(photo, gone)).finally(end);
    },

    'view:want': async (client, asked) => {
      views.want(asked, feedParts(client));
      return Promise.resolve(done);
    },
    'view:grant': async (client, { tiles }) => {
      views.grant(tiles, feedParts(client));
      return Promise.resolve(done);
    },
    'view:close': async ({ id }) => {
      views.close(id);
      return Promise.resolve(done);
    },

    'job:recommend': (client, order) => jobs.start(client, { kind: 'recommend', order }),
    'job:evaluate': (client, order) => jobs.start(client, { kind: 'evaluate', order }),
    'evaluate:reached': async (_, { job }) => Promise.resolve(parts.evaluations.live.get(job).reached()),
    'evaluate:crop': (client, asked) => evaluationCrop(parts.evaluations, client, asked),
    'recommend:crops': async (_, { job, part }) => Promise.resolve(parts.recentCrops.get(job, part)),
    'job:blind': (client, order) => jobs.start(client, { kind: 'blind', order }),
    'blind:show': (_, asked) => parts.blind.show(asked),
    'blind:answer': (_, asked) => parts.blind.answer(asked),
    'blind:end': async (_, { comparison }) => {
      await parts.blind.end(comparison);
      return done;
    },
    'blind:forget': async (_, { comparison }) => {
      await parts.blind.forget(comparison);
      return done;
    },
    'blind:open': (client, { photo }) => parts.blind.open(client, photo),
    'blind:opinions': (client, { photo }) => parts.blind.opinions(client, photo),
    'blind:answers': (client, { photo }) => parts.blind.answers(client, photo),
    'jobs:list': (client) => jobs.list(client),
    'job:start': (client, asked) => jobs.start(client, asked),
    'job:stop': async (_, { job }) => {
      await jobs.stop(job);
      return done;
    },
    'job:pause': async (_, { job }) => {
      await jobs.pause(job);
      return done;
    },
    'job:resume': (client, asked) => jobs.resume(client, asked),
    'job:drop': async (_, { job }) => {
      await jobs.drop(job);
      return done;
    },
    'finetune:start': (client, { photos: tokens, ...settings }) => {
      const order = { ...settings, photos: tokens.map((photo) => ({ photo })) };
      return jobs.start(client, { kind: 'finetune', order });
    },
    'finetune:preview': (_, { job, square }) => parts.trainings.preview(job, square),
    'finetune:curve': (_, { job }) => Promise.resolve({ validations: parts.trainings.get(job).validations }),
    'finetune:finish': (_, { job }) => {
      parts.trainings.get(job).isFinishing = true;
      return Promise.resolve(done);
    },
    'job:place': async (_, { job }) => ({ path: await jobs.placeOf(job) }),

    'metric:install': async (_, { metric, path }) => ({ path: await parts.gauges.install(metric, path) }),
    'export:try': (client, asked) => parts.encodings.try(client, asked),
    'export:weigh': (client, asked) => parts.encodings.weigh(client, asked),
    'export:stopTrying': ({ id }) => {
      parts.encodings.stop(id);
      return Promise.resolve(done);
    },
    'sheet:draw': (client, asked) => parts.sheets.draw(client, asked),
    'sheet:read': (_, { path }) => readSheet(path),

    'client:follow': ({ id }, { earlier }) => {
      jobs.follow(id, earlier);
      return Promise.resolve(done);
    },
    'client:close': async ({ id }, { comesBack }) => {
      parts.sheets.stop(id);
      parts.encodings.stop(id);
      jobs.leave(id, comesBack);
      views.close(id);
      queue.forget(id);
      await photos.closeAll(id);
      return done;
    },
  };
}
