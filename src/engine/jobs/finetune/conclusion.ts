import { rm } from 'node:fs/promises';
import type { FinetuneDone, FinetuneSettings, LossName, TrainingPreview } from '../../../shared/contract';
import { figuresOf, type Exam } from '../../finetune/compared';
import type { Learned } from '../../finetune/learn';
import { looksOf } from '../../finetune/looks';
import type { Material } from '../../finetune/material';
import { writePersonalModel } from '../../finetune/personalModel';
import { withReach } from '../../finetune/savedReach';
import type { Trainer } from '../../finetune/trainer';
import type { Raster } from '../../kernels/raster';
import type { Catalogue } from '../../methods/catalogue';
import type { Method } from '../../methods/method';
import type { CatalogueEntry } from '../../methods/modelsFolder';
import type { Gauges } from '../../metrics/gauges';
import type { SessionPool } from '../../runtime/sessionPool';
import type { LastingJob } from '../job';
import { recover } from '../recover';
import { expectFreeName } from './freeName';

/** Less in dB on photos that it never saw is no gain. */
const LEAST_GAIN = 0.01;

/** By the CPU, on which trainings run too. */
const MEASURED_BY = { ensemble: false, device: 'cpu', patient: true } as const;

async function enlargedExam(method: Method, { reduced, scale }: Exam, job: LastingJob): Promise<Raster> {
  return (await recover(method, reduced, scale, MEASURED_BY, job)).result;
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

/** A training that has ended, before anybody knows whether it was of use. */
export interface Conclusion {
  /** What learned. */
  readonly entry: CatalogueEntry;
  readonly material: Material;
  readonly settings: FinetuneSettings;
  /** That it learned by. */
  readonly loss: LossName;
  readonly learned: Learned;
  readonly model: {
    /** With the weights of the best validation. */
    readonly saved: ReturnType<Trainer['saved']>;
    /** What is kept where no validation was better. */
    readonly forced: ReturnType<Trainer['saved']>;
    /** Operators that no gradient goes back through. */
    readonly blockedBy: readonly string[];
  };
}

export interface ConclusionParts {
  readonly catalogue: Catalogue;
  readonly gauges: Pick<Gauges, 'openLpips'>;
  readonly sessions: SessionPool;
  /** The project's sample, in colour. */
  readonly readSample: (signal: AbortSignal) => Promise<Raster>;
}

/** What came of a training, in figures and side by side. */
export interface Concluded {
  readonly done: FinetuneDone;
  readonly looks: readonly TrainingPreview[];
}

/** Measures before and after by the methods themselves, and installs what is better. */
export async function conclude(
  { entry, material, settings, loss, learned, model }: Conclusion,
  job: LastingJob,
  { catalogue, gauges, sessions, readSample }: ConclusionParts,
): Promise<Concluded> {
  const { manifest } = entry.model!;
  const id = expectFreeName(catalogue, settings.name);
  const scales = [...material.learned.keys()];
  const turns = { signal: job.signal, turn: () => job.turn() };
  const draft = await catalogue.draft();
  const lpips = await gauges.openLpips();
  try {
    job.progress('measure', 0, 2);
    const figuresBy = (method: Method, made: Raster[]): Promise<FinetuneDone['before']> =>
      figuresOf(
        async (exam) => {
          const result = await enlargedExam(method, exam, job);
          made.push(result);
          return result;
        },
        material.exams,
        lpips,
        turns,
      );
    const [madeBefore, madeAfter]: [Raster[], Raster[]] = [[], []];
    const before = await figuresBy(entry.method, madeBefore);
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
      notes: notesOf(material, model.blockedBy, settings),
    });
    const upbringing = {
      id,
      name: settings.name,
      base: manifest,
      loss,
    };
    const sample = await readSample(job.signal);
    const chosen = learned.bestValidation ? model.saved : model.forced;
    const saved = await withReach(chosen, manifest.channels === 'y' ? 1 : 3, { sessions, sample, turns });
    // Measured as it will be used: from its files.
    await writePersonalModel(draft, { ...upbringing, done: asDone(before, false) }, saved);
    const after = await figuresBy(await catalogue.loadDraft(draft, id), madeAfter);
    const looks = looksOf(
      material.exams.map((exam, k) => ({ exam, before: madeBefore[k]!, after: madeAfter[k]! })),
    );
    const better = learned.bestValidation !== undefined && after.psnrY >= before.psnrY + LEAST_GAIN;
    const done = asDone(after, better);
    job.progress('measure', 2, 2);
    if (!better && !settings.keep) return { done: { id: null, ...done }, looks };
    await writePersonalModel(draft, { ...upbringing, done }, saved);
    await catalogue.install(draft, id);
    return { done: { id, ...done }, looks };
  } finally {
    await lpips?.release();
    await rm(draft, { recursive: true, force: true });
  }
}
