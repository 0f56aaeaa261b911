import * as v from 'valibot';
import type { JobKindName, JobLine } from '../../shared/contract';
import { faultSchema } from '../../shared/faults';

/**
 * The ledger of one job: records in, state out. A job is a line here before it is work, and what is not here did
 * not happen. Pure; `journal.ts` keeps the records on disk.
 */

const milliseconds = v.number();

export const jobRecordSchema = v.variant('record', [
  v.object({
    record: v.literal('begun'),
    /** Of these records' form. */
    version: v.literal(1),
    job: v.string(),
    batch: v.optional(v.string()),
    /** What whoever ordered it calls the order. */
    orderId: v.optional(v.string()),
    kind: v.string(),
    /** What people call it: its photo's name. */
    title: v.string(),
    at: milliseconds,
    /** What its kind needs to begin it again; read by the kind's own schema. */
    order: v.unknown(),
    /** Should it fail, it stays in the ledger until somebody drops it or lets it begin anew. */
    keepsFailure: v.optional(v.literal(true)),
  }),
  /** An engine set to work on it. */
  v.object({ record: v.literal('taken'), at: milliseconds }),
  /** What another engine must know; read by the kind's own schema. `further`: the work came further by it. */
  v.object({ record: v.literal('mark'), mark: v.unknown(), further: v.optional(v.boolean()) }),
  /** Somebody asked for it to go on, with this order from now on. */
  v.object({ record: v.literal('renewed'), order: v.unknown() }),
  /** Somebody asked for it to begin anew: what was reached counts no more. */
  v.object({ record: v.literal('anew'), order: v.unknown() }),
  v.object({ record: v.literal('paused'), paused: v.boolean() }),
  v.object({
    record: v.literal('ended'),
    as: v.picklist(['done', 'failed', 'stopped']),
    result: v.optional(v.unknown()),
    fault: v.optional(faultSchema),
  }),
]);
export type JobRecord = v.InferOutput<typeof jobRecordSchema>;
export type JobEnd = Omit<Extract<JobRecord, { record: 'ended' }>, 'record'>;

export interface JobState {
  readonly job: string;
  readonly batch: string | undefined;
  readonly orderId: string | undefined;
  readonly kind: string;
  readonly title: string;
  /** Milliseconds since 1970. */
  readonly begunAt: number;
  readonly order: unknown;
  /** What was reached, oldest first. */
  readonly marks: readonly unknown[];
  /** Engines that set to work since it came further or was renewed: each but the last died of it, or beside it. */
  readonly fruitless: number;
  readonly paused: boolean;
  readonly keepsFailure: boolean;
  readonly end: JobEnd | undefined;
}

/** What a job's line says of its order, which never changes. */
export function orderedLine({
  job,
  batch,
  orderId,
  kind,
  title,
  begunAt,
}: JobState): Pick<JobLine, 'job' | 'batch' | 'orderId' | 'kind' | 'title' | 'begunAt'> {
  return {
    job,
    ...(batch === undefined ? {} : { batch }),
    ...(orderId === undefined ? {} : { orderId }),
    kind: kind as JobKindName,
    title,
    begunAt,
  };
}

/** Engines that may die over a job without reaching a mark, before it is taken for the reason. */
export const FRUITLESS_MAX = 2;

/**
 * The state after one more record. The first must be `begun`, and it alone. An ended job changes no more, but for one
 * whose failure is kept: it may begin anew.
 */
export function follow(state: JobState | undefined, record: JobRecord): JobState {
  if ((state === undefined) !== (record.record === 'begun')) {
    throw new RangeError(`a ledger begins with one record "begun", received "${record.record}"`);
  }
  if (record.record === 'begun') {
    const { job, batch, orderId, kind, title, at, order, keepsFailure = false } = record;
    const fresh = { marks: [], fruitless: 0, paused: false, end: undefined };
    return { job, batch, orderId, kind, title, begunAt: at, order, keepsFailure, ...fresh };
  }
  const known = state!;
  if (known.end && !(isKeptFailure(known) && record.record === 'anew')) return known;
  switch (record.record) {
    case 'taken':
      return { ...known, fruitless: known.fruitless + 1 };
    case 'mark':
      return {
        ...known,
        marks: [...known.marks, record.mark],
        fruitless: record.further ? Math.min(known.fruitless, 1) : known.fruitless,
      };
    case 'renewed':
      return { ...known, order: record.order, fruitless: 0, paused: false };
    case 'anew':
      return { ...known, order: record.order, marks: [], fruitless: 0, paused: false, end: undefined };
    case 'paused':
      return { ...known, paused: record.paused };
    case 'ended': {
      const { as, result, fault } = record;
      return { ...known, paused: false, end: { as, result, fault } };
    }
  }
}

/** The state that records lead to; undefined where there are none. */
export const stateAfter = (records: Iterable<JobRecord>): JobState | undefined => {
  let state: JobState | undefined;
  for (const record of records) state = follow(state, record);
  return state;
};

/** Whether it has failed and waits to be dropped or begun anew. */
export const isKeptFailure = ({ keepsFailure, end }: JobState): boolean =>
  keepsFailure && end?.as === 'failed';

/** Whether the engines' deaths must be laid at this job's door: it is not tried again unasked. */
export const isDeadly = (state: JobState): boolean => state.fruitless >= FRUITLESS_MAX;
