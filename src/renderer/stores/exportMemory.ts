import { computed, shallowRef } from 'vue';
import * as v from 'valibot';
import { pageDoorCalls } from '../../shared/contract';
import { faultSchema } from '../../shared/faults';
import type { FailedJob, FileOrder, PhotoEnd } from '../editor/fileJobs';

const tokenSchema = v.string();
const megapixelsSchema = v.number();
const endSchema = v.picklist(['done', 'failed']);

/** What the session keeps beside the document. */
const keptSchema = v.object({
  made: v.record(v.string(), v.object({ photo: tokenSchema, megapixels: megapixelsSchema })),
  ends: v.record(tokenSchema, endSchema),
  leftOut: v.array(
    v.object({
      fault: faultSchema,
      file: v.object({
        order: pageDoorCalls['door:export'].params.entries.order,
        name: v.string(),
        megapixels: megapixelsSchema,
      }),
    }),
  ),
});
export type KeptExports = v.InferOutput<typeof keptSchema>;

/** Which photo a job enlarges, and how much comes of it. */
type Made = KeptExports['made'][string];

/**
 * What this page alone knows of its exports: which photo a job is of, how each photo's ended, and what never came into
 * the ledger. The session keeps it across reloads and restarts.
 */
export function exportMemory() {
  const made = shallowRef<Readonly<Record<string, Made>>>({});
  const ends = shallowRef<ReadonlyMap<string, PhotoEnd>>(new Map());
  /** Of what failed those that never came into the ledger, by names of this page's own. */
  const leftOuts = shallowRef<ReadonlyMap<string, FailedJob>>(new Map());
  /** Ends that were heard, by their jobs: the photo of one may be remembered later. */
  const outcomes = new Map<string, PhotoEnd>();
  let nextLeftOut = 1;

  const setEnd = (photo: string, end: PhotoEnd): void => {
    ends.value = new Map([...ends.value, [photo, end]]);
  };

  /** A job of this page's was begun. */
  function begun(job: string, { order, megapixels }: FileOrder): void {
    const { photo } = order.enlargement;
    made.value = { ...made.value, [job]: { photo, megapixels } };
    ends.value = new Map([...ends.value].filter(([one]) => one !== photo));
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
  }

  /** What to keep of it for these photos. */
  function keptFor(photos: readonly string[]): KeptExports {
    const open = new Set(photos);
    const stays = ([, { photo }]: [string, Made]): boolean => open.has(photo);
    return {
      made: Object.fromEntries(Object.entries(made.value).filter(stays)),
      ends: Object.fromEntries([...ends.value].filter(([photo]) => open.has(photo))),
      leftOut: [...leftOuts.value.values()].flatMap(({ file, fault }) => (file ? [{ file, fault }] : [])),
    };
  }

  return {
    made,
    ends,
    leftOuts,
    /** Another one with every change of what is kept. */
    state: computed(() => [made.value, ends.value, leftOuts.value]),
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
