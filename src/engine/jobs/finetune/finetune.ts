import * as v from 'valibot';
import {
  finetuneSettingsSchema,
  readBy,
  type EngineEvent,
  type FinetuneDone,
  type JobProgress,
} from '../../../shared/contract';
import { errorOf, FaultError, faultOf, type Fault } from '../../../shared/faults';
import { LEARNED_SQUARE } from '../../../shared/learnable';
import type { openPhoto } from '../../codec/read/open';
import type { sizeOfPhoto } from '../../codec/read/sizeOfPhoto';
import type { Learned } from '../../finetune/learn';
import { gather, type Material } from '../../finetune/material';
import type { ThroughJpeg } from '../../finetune/degradation';
import { learningLoss, learningScales, traineeOf } from '../../finetune/traineeOf';
import { Trainer } from '../../finetune/trainer';
import type { Raster } from '../../kernels/raster';
import type { Catalogue } from '../../methods/catalogue';
import type { CatalogueEntry } from '../../methods/modelsFolder';
import type { Gauges } from '../../metrics/gauges';
import type { SessionPool } from '../../runtime/sessionPool';
import type { LastingJob } from '../job';
import type { JobKind, Work } from '../kind';
import type { LeasedPhotos } from '../upscale/source';
import type { LiveTraining, LiveTrainings } from './liveTrainings';
import { conclude } from './conclusion';
import { expectFreeName } from './freeName';
import { learnAsJob } from './learning';
import { reachedTraining } from './marks';
import { expectSamePhotos, photosOf, storedTrainingSchema, type StoredTraining } from './order';

export interface FinetuneParts {
  readonly catalogue: Catalogue;
  readonly sessions: SessionPool;
  readonly photos: LeasedPhotos;
  readonly openPhoto: typeof openPhoto;
  readonly sizeOfPhoto: typeof sizeOfPhoto;
  readonly throughJpeg: ThroughJpeg;
  readonly gauges: Pick<Gauges, 'openLpips'>;
  /** The project's sample, in colour. */
  readonly readSample: (signal: AbortSignal) => Promise<Raster>;
  /** Where graphs lie that several methods share. */
  readonly encoders: string;
  readonly scratchFolder: string;
  /** Of Enlarger. */
  readonly version: string;
  readonly live: LiveTrainings;
  readonly tell: (event: EngineEvent) => void;
  readonly notice: (sentence: string) => void;
}

const KEPT =
  'What was learned is kept: let the training go on once that is mended (in the terminal: --resume with its --name).';

/** A method learns from the user's photos and becomes one of their own; goes on after its engine's death. */
export function finetuneKind(parts: FinetuneParts): JobKind<'finetune'> {
  return {
    begin: async (order, client, makeFolder) => {
      const entry = parts.catalogue.entry(order.method.id, order.method.sum);
      learningScales(entry, order.scale);
      learningLoss(entry, order.loss);
      expectFreeName(parts.catalogue, order.name);
      const photos = await photosOf(order, client, parts.photos, await makeFolder());
      const method = { id: order.method.id, sum: entry.method.card.sum };
      const settings = v.parse(finetuneSettingsSchema, { ...order, method });
      return new Training({ settings, photos }, parts);
    },
    revive: (stored, { anew }) => {
      const found = readBy(storedTrainingSchema, stored, 'order of a training');
      const { settings } = found;
      const method = anew ? { id: settings.method.id } : settings.method;
      return new Training({ ...found, settings: { ...settings, method } }, parts);
    },
  };
}

class Training implements Work<'finetune'> {
  readonly title: string;

  constructor(
    readonly stored: StoredTraining,
    private readonly parts: FinetuneParts,
  ) {
    this.title = stored.settings.name;
  }

  reached(marks: readonly unknown[]): JobProgress | null {
    return reachedTraining(marks).progress;
  }

  async check(marks: readonly unknown[]): Promise<void> {
    const { plan } = reachedTraining(marks);
    const { method } = this.stored.settings;
    const { card } = this.parts.catalogue.get(method.id);
    await expectSamePhotos(this.stored.photos);
    if (!plan) return;
    const changed = plan.method !== card.sum ? `the method ${method.id}` : 'Enlarger';
    if (plan.method === card.sum && plan.version === this.parts.version) return;
    throw new FaultError(
      'bad-option',
      `Expected ${changed} as it was when the training began, but it has changed since; begin anew, or drop the training.`,
      { file: this.title },
    );
  }

  /** What was learned lies in the checkpoint: once there is room again, it is measured and installed from there. */
  remains({ code }: Fault): boolean {
    return code === 'disk-full' || code === 'output-unwritable';
  }

  async run(job: LastingJob): Promise<FinetuneDone> {
    const { catalogue, live } = this.parts;
    const { id, sum } = this.stored.settings.method;
    const training = live.begin(job.id);
    try {
      // A method that goes while it is learned from stays until it is not.
      return await catalogue.during(id, sum, () => this.train(catalogue.entry(id, sum), training, job));
    } catch (error) {
      const fault = faultOf(error);
      if (!this.remains(fault)) throw error;
      throw errorOf({ ...fault, message: `${fault.message} ${KEPT}` });
    } finally {
      live.end(job.id);
    }
  }

  private async train(entry: CatalogueEntry, live: LiveTraining, job: LastingJob): Promise<FinetuneDone> {
    const { parts } = this;
    const { settings } = this.stored;
    const scales = learningScales(entry, settings.scale);
    const trainee = await traineeOf(entry, parts.encoders, scales);
    const material = await this.gather(scales, job);
    const loss = learningLoss(entry, settings.loss);
    const options = {
      loss,
      learns: settings.learns,
      count: trainee.patches.count,
      patch: trainee.patches.side,
      measured: LEARNED_SQUARE,
    };
    const trainer = await Trainer.open(trainee, options, parts.sessions);
    let learned: Learned;
    let saved;
    let forced;
    try {
      const plan = { version: parts.version, method: entry.method.card.sum };
      learned = await learnAsJob({ trainer, material, settings, plan }, live, job, parts);
      live.preview = undefined;
      saved = trainer.saved(learned.best);
      forced = learned.bestValidation ? saved : trainer.saved(learned.last);
    } finally {
      await trainer.release();
    }
    const model = { saved, forced, blockedBy: trainer.blockedBy };
    const { done, looks } = await conclude({ entry, material, settings, loss, learned, model }, job, parts);
    live.looks = looks;
    return done;
  }

  private async gather(scales: readonly number[], job: LastingJob): Promise<Material> {
    const { openPhoto, sizeOfPhoto, throughJpeg, readSample, scratchFolder } = this.parts;
    const { degradation } = this.stored.settings;
    const { signal } = job;
    return gather({
      photos: this.stored.photos,
      sizeOf: ({ path, name, page }) => sizeOfPhoto(path, { name, page }),
      open: ({ path, name, page }) => openPhoto(path, { name, page, scratchFolder, signal }),
      nameOf: ({ name }) => name,
      sample: await readSample(signal),
      scales,
      degradation,
      throughJpeg,
      signal,
      onRead: (done, total) => job.progress('decode', done, total),
    });
  }
}
