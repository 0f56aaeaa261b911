import type { EngineEvent, FinetuneSettings } from '../../../shared/contract';
import { patchSource } from '../../finetune/batch';
import { readCheckpoint, writeCheckpoint } from '../../finetune/checkpoint';
import { learn, type Learned } from '../../finetune/learn';
import type { Material } from '../../finetune/material';
import { trainingPreview } from '../../finetune/preview';
import type { Trainer } from '../../finetune/trainer';
import type { LastingJob } from '../job';
import type { LiveTraining } from './liveTrainings';
import { reachedTraining, type TrainingMark } from './marks';

/** What fine-tuning starts from is good already: higher rates forget it first. */
const USUAL_RATE = 1e-4;
const SEED = 1;

/** Losses are for a curve: more often than this would only fill the port. */
const LOSS_EVERY_MS = 250;

const budgetOf = ({ minutes, steps }: FinetuneSettings) => (steps === undefined ? { minutes } : { steps });

function labelOf(title: string, { validations }: LiveTraining): string {
  const gain = validations.at(-1)?.gain;
  if (gain === undefined || validations.length < 2) return title;
  return `${title} ${gain < 0 ? '-' : '+'}${Math.abs(gain).toFixed(2)} dB`;
}

export interface LearningRun {
  readonly trainer: Trainer;
  readonly material: Material;
  readonly settings: FinetuneSettings;
  /** What must be the same when the training goes on after a death: Enlarger's version, the method's sum. */
  readonly plan: { readonly version: string; readonly method: string };
}

export interface LearningListeners {
  readonly tell: (event: EngineEvent) => void;
  readonly notice: (sentence: string) => void;
}

/**
 * Learns from where the job's last checkpoint stands, or from the beginning; keeps checkpoints in the job's folder,
 * tells of steps and validations, and shows to `live` what the newest weights make.
 */
export async function learnAsJob(
  { trainer, material, settings, plan }: LearningRun,
  live: LiveTraining,
  job: LastingJob,
  { tell, notice }: LearningListeners,
): Promise<Learned> {
  const { plan: earlier } = reachedTraining(job.marks);
  const from = earlier && (await readCheckpoint(job.folder, trainer.length));
  if (!earlier) await job.mark({ mark: 'planned', ...plan } satisfies TrainingMark);
  live.validations.push(...(from?.validations ?? []));
  if (!from) job.progress('measure', 0, 1); // the first validation, before any step
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
            notice(`${settings.name}: ${error instanceof Error ? error.message : String(error)}`);
          hasWarned = true;
        }
      },
      onStep: (reached) => {
        ({ steps } = reached);
        job.progress('learn', reached.step, reached.steps, labelOf(settings.name, live));
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
