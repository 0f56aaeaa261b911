import * as v from 'valibot';
import {
  deviceSchema,
  methodIdSchema,
  methodOptionsSchema,
  type JobProgress,
} from '../../../shared/contract';
import { evaluationFailureSchema, figuresSchema, pageSchema } from '../../../shared/contract';
import { methodRefSchema, scaleSchema } from '../../../shared/enlargement';
import { protocolSchema } from '../../../shared/protocols';

/** What the ledger keeps of an evaluation, so that another engine goes on with the picture that is next. */

/** The order with its folder's absolute path. */
export const storedEvaluationSchema = v.object({
  folder: v.string(),
  /** Pictures that were named, in the place of the folder's. */
  originals: v.optional(
    v.array(v.object({ path: v.string(), file: v.string(), page: v.optional(pageSchema) })),
  ),
  /** As it was named. */
  dataset: v.string(),
  scales: v.array(scaleSchema),
  methods: v.array(methodRefSchema),
  protocol: protocolSchema,
  options: methodOptionsSchema,
  device: deviceSchema,
});
export type StoredEvaluation = v.InferOutput<typeof storedEvaluationSchema>;

/** By what a picture is taken to be the same. */
const stampSchema = v.object({ file: v.string(), bytes: v.number(), changedAt: v.number() });
export type ImageStamp = v.InferOutput<typeof stampSchema>;

const markSchema = v.variant('mark', [
  v.object({
    mark: v.literal('planned'),
    /** Of Enlarger. */
    version: v.string(),
    images: v.array(stampSchema),
    /** The files of each method, summed up, in the order's own order. */
    methods: v.array(v.string()),
  }),
  /** One method on one picture at one scale. */
  v.object({
    mark: v.literal('measured'),
    file: v.string(),
    scale: v.number(),
    method: methodIdSchema,
    figures: figuresSchema,
    seconds: v.number(),
    peakMiB: v.number(),
  }),
  v.object({ mark: v.literal('failed'), failure: evaluationFailureSchema }),
]);
export type EvaluateMark = v.InferOutput<typeof markSchema>;
export type Measured = Extract<EvaluateMark, { mark: 'measured' }>;
export type EvaluationPlan = Extract<EvaluateMark, { mark: 'planned' }>;

export interface EvaluationReached {
  readonly plan: EvaluationPlan | undefined;
  readonly measured: readonly Measured[];
  readonly failures: readonly v.InferOutput<typeof evaluationFailureSchema>[];
}

/** What marks add up to. */
export function evaluatedBy(marks: readonly unknown[]): EvaluationReached {
  const all = marks.map((mark) => v.parse(markSchema, mark));
  return {
    plan: all.find((mark) => mark.mark === 'planned'),
    measured: all.filter((mark) => mark.mark === 'measured'),
    failures: all.flatMap((mark) => (mark.mark === 'failed' ? [mark.failure] : [])),
  };
}

/** How many measurements an order asks for. */
export const measurementsOf = (images: number, order: StoredEvaluation): number =>
  images * order.scales.length * order.methods.length;

/** Whether a failure, which may be of a whole picture or of one at a scale, stands for this measurement. */
export const coversMeasurement =
  (file: string, scale: number, method: string) =>
  (failure: EvaluationReached['failures'][number]): boolean =>
    failure.file === file &&
    (failure.scale === undefined || failure.scale === scale) &&
    (failure.method === undefined || failure.method === method);

/** Measurements that were done, or failed and so will not be. */
export function doneOf(
  order: StoredEvaluation,
  { measured, failures }: Omit<EvaluationReached, 'plan'>,
): number {
  return failures.reduce((sum, { file, scale, method }) => {
    if (method !== undefined) return sum + 1;
    const scales = scale === undefined ? order.scales : [scale];
    const wanted = scales.length * order.methods.length;
    const already = measured.filter((one) => one.file === file && scales.includes(one.scale)).length;
    return sum + wanted - already;
  }, measured.length);
}

/** How far the marks came; null before the first. */
export function progressOf(order: StoredEvaluation, marks: readonly unknown[]): JobProgress | null {
  const reached = evaluatedBy(marks);
  if (!reached.plan) return null;
  const total = measurementsOf(reached.plan.images.length, order);
  return { stage: 'measure', done: Math.min(total, doneOf(order, reached)), total, secondsLeft: null };
}
