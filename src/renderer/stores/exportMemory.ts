import { computed, shallowRef } from 'vue';
import * as v from 'valibot';
import { pageDoorCalls, type JobLine } from '../../shared/contract';
import { faultSchema } from '../../shared/faults';
import type { FailedJob, FileOrder, PhotoEnd } from '../editor/fileJobs';

const tokenSchema = v.string();
const megapixelsSchema = v.number();
const endSchema = v.picklist(['done', 'failed']);

const fileOrderSchema = v.object({
  order: pageDoorCalls['door:export'].params.entries.order,
  name: v.string(),
  megapixels: megapixelsSchema,
});

/** What the session keeps beside the document. */
const keptSchema = v.object({
  made: v.record(v.string(), v.object({ photo: tokenSchema, megapixels: megapixelsSchema })),
  ends: v.record(tokenSchema, endSchema),
  leftOut: v.array(v.object({ fault: faultSchema, file: fileOrderSchema })),
  /** Absent: written by a version that did not know of it. */
  ordered: v.optional(v.array(v.object({ orderId: v.string(), file: fileOrderSchema })), []),
});
export type KeptExports = v.InferOutput<typeof keptSchema>;

/** A file that was ordered; `isLost`: it will not begin unless it is ordered anew. */
export interface Ordered {
  readonly orderId: string;
  readonly file: FileOrder;
  readonly isLost: boolean;
}

/** Which photo a job enlarges, and how much comes of it. */
type Made = KeptExports['made'][string];

/**
 * What this page alone knows of its exports: which photo a job is of, how each photo's ended, what was ordered and has
 * not begun, and what never came into the ledger. The session keeps it across reloads and restarts.
 */
export function exportMemory() {
  const made = shallowRef<Readonly<Record<string, Made>>>({});
  const ends = shallowRef<ReadonlyMap<string, PhotoEnd>>(new Map());
  /** Of what failed those that never came into the ledger, by names of this page's own. */
  const leftOuts = shallowRef<ReadonlyMap<string, FailedJob>>(new Map());
  /** Orders of which it is not known that they have begun. */
  const ordered = shallowRef<readonly Ordered[]>([]);
  /** Jobs that were heard of, by their orders: an order may be remembered later. */
  const jobsOf = new Map<string, string>();
  /** Ends that were heard, by their jobs: the photo of one may be remembered later. */
  const outcomes = new Map<string, PhotoEnd>();
  let nextLeftOut = 1;

  const setEnd = (photo: string, end: PhotoEnd): void => {
    ends.value = new Map([...ends.value, [photo, end]]);
  };

  /** A job of this page's was begun. */
  function begun(job: string, { order, megapixels }: FileOrder): void {
    if (made.value[job]) return; // known by the ledger before its order was answered
    const { photo } = order.enlargement;
    made.value = { ...made.value, [job]: { photo, megapixels } };
    const end = outcomes.get(job);
    if (end) setEnd(photo, end);
    else ends.value = new Map([...ends.value].filter(([one]) => one !== photo));
  }

  /** These are being ordered from now on. */
  function order(files: readonly Omit<Ordered, 'isLost'>[]): void {
    ordered.value = [...ordered.value, ...files.map((one) => ({ ...one, isLost: false }))];
  }
  /** These have begun, are refused, or are not wanted any more. */
  function settle(orderIds: Iterable<string>): void {
    const gone = new Set(orderIds);
    const left = ordered.value.filter(({ orderId }) => !gone.has(orderId));
    if (left.length < ordered.value.length) ordered.value = left;
  }
  /** What a job that the ledger has makes, where it was ordered here and was not known to have begun. */
  function heard({ job, orderId }: Pick<JobLine, 'job' | 'orderId'>): FileOrder | undefined {
    if (orderId === undefined) return undefined;
    jobsOf.set(orderId, job);
    const found = ordered.value.find((one) => one.orderId === orderId);
    if (!found) return undefined;
    begun(job, found.file);
    settle([orderId]);
    return found.file;
  }
  /** What is still ordered never began, but for what `isAsked` just now. */
  function lose(isAsked: (orderId: string) => boolean): void {
    if (ordered.value.every(({ orderId, isLost }) => isLost || isAsked(orderId))) return;
    ordered.value = ordered.value.map((one) => ({ ...one, isLost: one.isLost || !isAsked(one.orderId) }));
  }

  /** A job ended, well or not. */
  function ended(job: string, end: PhotoEnd): void {
    outcomes.set(job, end);
    const photo = made.value[job]?.photo;
    if (photo !== undefined) setEnd(photo, end);
  }

  function leaveOut(file: FileOrder, fault: FailedJob['fault']): void {
    const id = `left-out-${nextLeftOut++}`;
    leftOuts.value = new Map([...leftOuts.value, [id, { id, name: file.name, fault, file, canRetry: true }]]);
    setEnd(file.order.enlargement.photo, 'failed');
  }

  /** What the session kept; what is no such thing, as of an older version, is nothing. */
  function remember(written: unknown): void {
    const read = v.safeParse(keptSchema, written);
    if (!read.success) return;
    const kept = read.output;
    made.value = { ...kept.made, ...made.value };
    ends.value = new Map([...Object.entries(kept.ends), ...ends.value]);
    for (const [job, end] of outcomes) {
      const photo = kept.made[job]?.photo;
      if (photo !== undefined) setEnd(photo, end);
    }
    for (const { file, fault } of kept.leftOut) leaveOut(file, fault);
    order(kept.ordered);
    for (const { orderId } of kept.ordered) {
      const job = jobsOf.get(orderId);
      if (job !== undefined) heard({ job, orderId });
    }
  }

  /** What to keep of it for these photos. */
  function keptFor(photos: readonly string[]): KeptExports {
    const open = new Set(photos);
    const stays = ([, { photo }]: [string, Made]): boolean => open.has(photo);
    return {
      made: Object.fromEntries(Object.entries(made.value).filter(stays)),
      ends: Object.fromEntries([...ends.value].filter(([photo]) => open.has(photo))),
      leftOut: [...leftOuts.value.values()].flatMap(({ file, fault }) => (file ? [{ file, fault }] : [])),
      ordered: ordered.value.map(({ orderId, file }) => ({ orderId, file })),
    };
  }

  return {
    made,
    ends,
    leftOuts,
    /** Another one with every change of what is kept. */
    state: computed(() => [made.value, ends.value, leftOuts.value, ordered.value]),
    /** Of what was ordered that which never began: its door ended before it could. */
    notBegun: computed(() => ordered.value.filter(({ isLost }) => isLost)),
    ordered,
    order,
    settle,
    heard,
    lose,
    begun,
    ended,
    leaveOut,
    forget(id: string): void {
      leftOuts.value = new Map([...leftOuts.value].filter(([one]) => one !== id));
    },
    remember,
    keptFor,
  };
}
