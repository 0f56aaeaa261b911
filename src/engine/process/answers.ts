import type { MethodCard, PhotoInfo } from '../../shared/contract';
import type { displayTable } from '../codec/read/display';
import type { listImages } from '../codec/read/listImages';
import type { FilePhoto, openPhoto } from '../codec/read/open';
import type { readWhole } from '../codec/read/readWhole';
import { compareFiles } from '../jobs/metrics';
import { diagnose, type DoctorParts } from '../jobs/doctor';
import { evaluate, type OpenLpips } from '../jobs/evaluate';
import { runJob } from '../jobs/job';
import { upscale, type UpscaleFiles } from '../jobs/upscale';
import type { CatalogueEntry } from '../methods/modelsFolder';
import type { OpenPhotos } from '../photos/openPhotos';
import type { Pixels } from '../pixels/pixels';
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
}

export interface EngineParts extends DoctorParts {
  readonly files: Codec;
  readonly store: Store;
  readonly queue: Queue;
  readonly photos: OpenPhotos<FilePhoto>;
  readonly views: Views;
  readonly pixels: Pixels;
  readonly scratchFolder: string;
  readonly openLpips: OpenLpips;
  /** The sample chart's file. */
  readonly sample: string;
  /** Measures methods that were never measured, when nothing else is to be done. */
  readonly measureLater: () => void;
}

const done = null;

/** What the engine does for each call. */
export function answersOf(parts: EngineParts): Answers {
  const { files, photos, views, queue, store, catalogue, paces, scratchFolder, openLpips } = parts;

  const open = async (
    { id, gone }: Client,
    token: string,
    path: string,
    name: string,
  ): Promise<PhotoInfo> => {
    const known = photos.infoOf(id, token);
    if (known) return known;
    const photo = await files.openPhoto(path, { name, scratchFolder, signal: gone });
    if (gone.aborted) await photo.close();
    gone.throwIfAborted();
    return photos.add(id, token, photo);
  };
  const feedParts = ({ id, emit }: Client) => ({ client: id, queue, emit });
  const cardOf = ({ method, origin, source }: CatalogueEntry): MethodCard => ({
    ...method.card,
    origin,
    source,
    secondsPerMegapixel: paces.secondsPerMegapixel(method),
    device: paces.device(method),
  });
  const measuring = {
    listImages: files.listImages,
    readWhole: (path: string, signal: AbortSignal) => files.readWhole(path, { scratchFolder, signal }),
  };

  return {
    'settings:read': () => Promise.resolve(store.state.settings),
    'settings:write': async (_, settings) => {
      await store.update((state) => (state.settings = settings));
      return done;
    },
    'methods:list': async () => {
      await catalogue.refresh();
      parts.measureLater();
      return catalogue.list.map(cardOf);
    },

    'photo:open': (client, { photo, path, name }) => open(client, photo, path, name ?? path),
    'photo:sample': (client, { photo }) => open(client, photo, parts.sample, 'chart.png'),
    'photo:close': async ({ id }, { photo }) => {
      photos.lease(id, photo).end(); // throws where it is another client's
      views.forgetPhoto(id, photo);
      await photos.close(id, photo);
      return done;
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

    'job:stop': async ({ jobs }, { job }) => {
      jobs.get(job)?.abort(); // one that has just ended is as good as stopped
      return Promise.resolve(done);
    },
    'job:upscale': (client, order) =>
      runJob(client, order.job, queue, (job) => {
        const { enlargement } = order;
        return catalogue.during(enlargement.method.id, enlargement.method.sum, async (method) => {
          const { photo, end } = photos.lease(client.id, enlargement.photo);
          try {
            return await upscale(order, photo, method, job, {
              ...{ files, pixels: parts.pixels, scratchFolder, version: parts.version },
              onPace: (seconds, megapixels) =>
                void paces.refine(method, enlargement.scale, seconds, megapixels),
              onDevice: (device) => paces.noteDevice(method, device),
            });
          } finally {
            end();
          }
        });
      }),
    'job:evaluate': (client, order) =>
      runJob(client, order.job, queue, (job) =>
        evaluate(order, job, { catalogue, files: measuring, openLpips }),
      ),
    'job:metrics': (client, order) =>
      runJob(client, order.job, queue, (job) => compareFiles(order, job, measuring, openLpips)),
    'job:doctor': (client, { job: id }) => runJob(client, id, queue, (job) => diagnose(job, parts)),

    'client:close': async ({ id, jobs }) => {
      for (const job of jobs.values()) job.abort();
      views.close(id);
      queue.forget(id);
      await photos.closeAll(id);
      return done;
    },
  };
}
