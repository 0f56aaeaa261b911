import { rm } from 'node:fs/promises';
import * as v from 'valibot';
import {
  finetuneSettingsSchema,
  readBy,
  type EngineEvent,
  type FinetuneDone,
  type FinetuneSettings,
  type JobProgress,
} from '../../../shared/contract';
import { errorOf, FaultError, faultOf, type Fault } from '../../../shared/faults';
import type { openPhoto } from '../../codec/read/open';
import type { sizeOfPhoto } from '../../codec/read/sizeOfPhoto';
import { patchSource } from '../../finetune/batch';
import { readCheckpoint, writeCheckpoint } from '../../finetune/checkpoint';
import { figuresOf, type Exam } from '../../finetune/compared';
import { learn, type Learned } from '../../finetune/learn';
import { trainingPreview } from '../../finetune/preview';
import { gather, SQUARE, type Material } from '../../finetune/material';
import type { ThroughJpeg } from '../../finetune/degradation';
import { withReach } from '../../finetune/savedReach';
import { writePersonalModel } from '../../finetune/personalModel';
import { learningLoss, learningScales, traineeOf } from '../../finetune/traineeOf';
import { Trainer } from '../../finetune/trainer';
import { idOf } from '../../importing/importFolder';
import type { Raster } from '../../kernels/raster';
import type { Catalogue } from '../../methods/catalogue';
import type { Method } from '../../methods/method';
import type { CatalogueEntry } from '../../methods/modelsFolder';
import type { Gauges } from '../../metrics/gauges';
import type { SessionPool } from '../../runtime/sessionPool';
import type { LastingJob } from '../job';
import type { JobKind, Work } from '../kind';
import { recover } from '../recover';
import type { LeasedPhotos } from '../upscale/source';
import type { LiveTraining, LiveTrainings } from './liveTrainings';
import { reachedTraining, type TrainingMark } from './marks';
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

/** What fine-tuning starts from is good already: higher rates forget it first. */
const USUAL_RATE = 1e-4;
const SEED = 1;
const KEPT =
  'What was learned is kept: let the training go on once that is mended (in the terminal: --resume with its --name).';
/** Less in dB on photos that it never saw is no gain. */
const LEAST_GAIN = 0.01;

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

/** A personal model may take the place of an older one of its name, but of nothing else. */
function expectFreeName(catalogue: Catalogue, name: string): string {
  const id = idOf(name);
  const there = catalogue.list.find(({ method }) => method.id === id);
  if (!there || there.origin === 'personal') return id;
  throw new FaultError(
    'output-exists',
    `Expected a new name for the personal model, but there is a method ${id} already; choose another one.`,
  );
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
    const options = {
      loss: learningLoss(entry, settings.loss),
      learns: settings.learns,
      count: trainee.patches.count,
      patch: trainee.patches.side,
      measured: SQUARE,
    };
    const trainer = await Trainer.open(trainee, options, parts.sessions);
    let learned: Learned;
    let saved;
    let forced;
    try {
      learned = await this.learn(trainer, material, entry, live, job);
      live.preview = undefined;
      saved = trainer.saved(learned.best);
      forced = learned.bestValidation ? saved : trainer.saved(learned.last);
    } finally {
      await trainer.release();
    }
    return this.conclude(entry, material, learned, { saved, forced, blockedBy: trainer.blockedBy }, job);
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

  private async learn(
    trainer: Trainer,
    material: Material,
    entry: CatalogueEntry,
    live: LiveTraining,
    job: LastingJob,
  ): Promise<Learned> {
    const { version, tell, notice } = this.parts;
    const { settings } = this.stored;
    const { plan } = reachedTraining(job.marks);
    const from = plan && (await readCheckpoint(job.folder, trainer.length));
    if (!plan)
      await job.mark({ mark: 'planned', version, method: entry.method.card.sum } satisfies TrainingMark);
    live.validations.push(...(from?.validations ?? []));
    let steps = 0;
    let toldAt = 0;
    let hasWarned = false;
    return learn(
      {
        trainer,
        patches: new Map(
          [...material.learned].map(([scale, pairs]) => [scale, patchSource(pairs, trainer.options.patch)]),
        ),
        kept: material.kept,
        general: material.general,
        budget: budgetOf(settings),
        rate: settings.rate ?? USUAL_RATE,
        seed: SEED,
      },
      {
        signal: job.signal,
        turn: () => job.turn('idle'),
        now: () => performance.now() / 1e3,
        from,
        keep: async (checkpoint) => {
          try {
            await writeCheckpoint(job.folder, checkpoint);
            const mark: TrainingMark = { mark: 'kept', step: checkpoint.step, steps };
            await job.mark(mark, 'further');
          } catch (error) {
            // What was learned is in memory still: the training goes on, and says once what it cannot do.
            if (!hasWarned)
              notice(`${this.title}: ${error instanceof Error ? error.message : String(error)}`);
            hasWarned = true;
          }
        },
        onStep: (reached) => {
          ({ steps } = reached);
          job.progress('learn', reached.step, reached.steps, labelOf(this.title, live));
          const now = performance.now();
          if (now - toldAt < LOSS_EVERY_MS) return;
          toldAt = now;
          tell({
            event: 'finetune:step',
            job: job.id,
            step: reached.step,
            seconds: reached.seconds,
            loss: reached.loss,
          });
        },
        onValidation: (validation, weights) => {
          const measured = weights.slice(); // the average goes on in place
          live.preview = (square) => trainingPreview(trainer, material.kept, square, measured);
          live.validations.push(validation);
          tell({ event: 'finetune:validated', job: job.id, validation });
        },
        isFinishing: () => live.isFinishing,
      },
    );
  }

  /** Measures before and after by the methods themselves, and installs what is better. */
  private async conclude(
    entry: CatalogueEntry,
    material: Material,
    learned: Learned,
    learnedModel: {
      saved: ReturnType<Trainer['saved']>;
      forced: ReturnType<Trainer['saved']>;
      blockedBy: readonly string[];
    },
    job: LastingJob,
  ): Promise<FinetuneDone> {
    const { catalogue, gauges } = this.parts;
    const { settings } = this.stored;
    const { manifest } = entry.model!;
    const id = expectFreeName(catalogue, settings.name);
    const scales = [...material.learned.keys()];
    const turns = { signal: job.signal, turn: () => job.turn() };
    const draft = await catalogue.draft();
    const lpips = await gauges.openLpips();
    try {
      job.progress('measure', 0, 2);
      const figuresBy = (method: Method): Promise<FinetuneDone['before']> =>
        figuresOf((exam) => enlargedExam(method, exam, job), material.exams, lpips, turns);
      const before = await figuresBy(entry.method);
      job.progress('measure', 1, 2);
      const asDone = (after: FinetuneDone['after'], better: boolean): Omit<FinetuneDone, 'id'> => ({
        name: settings.name,
        method: manifest.id,
        scales,
        better,
        learned: material.learnedPhotos,
        kept: [...material.keptNames],
        steps: learned.steps,
        seconds: learned.seconds,
        secondsPerStep: learned.secondsPerStep,
        ending: learned.ending,
        before,
        after,
        general: (learned.bestValidation ?? learned.validations.at(-1))?.general ?? null,
        notes: notesOf(material, learnedModel.blockedBy, settings),
      });
      const upbringing = {
        id,
        name: settings.name,
        base: manifest,
        loss: learningLoss(entry, settings.loss),
      };
      const { sessions, readSample } = this.parts;
      const sample = await readSample(job.signal);
      const chosen = learned.bestValidation ? learnedModel.saved : learnedModel.forced;
      const saved = await withReach(chosen, manifest.channels === 'y' ? 1 : 3, { sessions, sample, turns });
      // Measured as it will be used: from its files.
      await writePersonalModel(draft, { ...upbringing, done: asDone(before, false) }, saved);
      const after = await figuresBy(await catalogue.loadDraft(draft, id));
      const better = learned.bestValidation !== undefined && after.psnrY >= before.psnrY + LEAST_GAIN;
      const done = asDone(after, better);
      job.progress('measure', 2, 2);
      if (!better && !settings.keep) return { id: null, ...done };
      await writePersonalModel(draft, { ...upbringing, done }, saved);
      await catalogue.install(draft, id);
      return { id, ...done };
    } finally {
      await lpips?.release();
      await rm(draft, { recursive: true, force: true });
    }
  }
}

/** By the CPU, on which trainings run too. */
const MEASURED_BY = { ensemble: false, device: 'cpu', patient: true } as const;

async function enlargedExam(method: Method, { reduced, scale }: Exam, job: LastingJob): Promise<Raster> {
  return (await recover(method, reduced, scale, MEASURED_BY, job)).result;
}

/** Losses are for a curve: more often than this would only fill the port. */
const LOSS_EVERY_MS = 250;

const budgetOf = ({ minutes, steps }: FinetuneSettings) => (steps === undefined ? { minutes } : { steps });

function labelOf(title: string, { validations }: LiveTraining): string {
  const gain = validations.at(-1)?.gain;
  if (gain === undefined || validations.length < 2) return title;
  return `${title} ${gain < 0 ? '-' : '+'}${Math.abs(gain).toFixed(2)} dB`;
}

function notesOf(
  material: Material,
  blockedBy: readonly string[],
  { degradation }: FinetuneSettings,
): string[] {
  const notes = [...material.notes];
  if (blockedBy.length > 0)
    notes.push(
      `Layers before ${blockedBy.join(', ')} stayed as they are: no gradient goes back through that.`,
    );
  if (material.general.length === 0)
    notes.push('What it makes of other pictures was not measured: the sample is too small for this scale.');
  if (degradation.jpeg !== null || degradation.blur > 0 || degradation.noise !== 0)
    notes.push('Figures are of photos that were degraded as those that it learned from.');
  return notes;
}
