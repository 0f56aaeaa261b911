import * as v from 'valibot';
import type { JobProgress } from '../../../shared/contract';

/** What the ledger keeps of a training beside its order; the weights are in its checkpoint. */
const markSchema = v.variant('mark', [
  v.object({
    mark: v.literal('planned'),
    /** Of Enlarger: another may take other steps. */
    version: v.string(),
    /** The method's files, summed up. */
    method: v.string(),
  }),
  /** The checkpoint on disk is of this step. */
  v.object({ mark: v.literal('kept'), step: v.number(), steps: v.number() }),
]);
export type TrainingMark = v.InferOutput<typeof markSchema>;

export interface ReachedTraining {
  readonly plan: Extract<TrainingMark, { mark: 'planned' }> | undefined;
  readonly progress: JobProgress | null;
}

export function reachedTraining(marks: readonly unknown[]): ReachedTraining {
  let plan: ReachedTraining['plan'];
  let progress: JobProgress | null = null;
  for (const mark of marks.map((one) => v.parse(markSchema, one))) {
    if (mark.mark === 'planned') plan = mark;
    else progress = { stage: 'learn', done: mark.step, total: mark.steps, secondsLeft: null };
  }
  return { plan, progress };
}
