import { defineStore } from 'pinia';
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue';
import type { BLIND_TRUTHS, BlindKind } from '../../shared/blind';
import { answersCsv, opinionsCsv } from '../../shared/blindTables';
import {
  jobKinds,
  readBy,
  type BlindState,
  type Opinions,
  type ParamsInput,
  type Value,
} from '../../shared/contract';
import { faultOf, type Fault } from '../../shared/faults';
import { photoStem } from '../document/photoTitle';
import { useEngine } from '../engine/connect';
import { saveText } from '../engine/saveText';
import { useDocument } from './document';
import { ownJob } from './ownJob';
import { usePhotos } from './photos';

export type BlindPlan = Exclude<ParamsInput<'job:blind'>['comparison'], { again: string }>;
type Picture = Value<'blind:show'>['pictures'][number];

/** A comparison that is rated: the trial at hand, and its pictures once they are here. Nothing says whose they are. */
export interface BlindRating {
  readonly photo: string;
  readonly state: BlindState;
  readonly trial: number;
  readonly pictures: readonly Picture[] | null;
}

/** What was entered for the next comparison: it stays while pictures are rated, when nothing of it is on screen. */
export interface BlindFormEntries {
  kind: BlindKind;
  truth: (typeof BLIND_TRUTHS)[number];
  /** Whether the photo itself is a candidate where it is reduced first. */
  withOriginal: boolean;
  scale: number;
  /** Its most detailed places, as many as `places`, or the regions that were drawn on it. */
  source: 'places' | 'regions';
  places: number;
  rater: string;
  /** Ids of methods. */
  chosen: readonly string[];
}

/**
 * Blind comparisons of the photo in the view. The engine alone knows who made what; until a comparison is ended the
 * page has pictures and places in an order, no more.
 */
export const useBlind = defineStore('blind', () => {
  const engine = useEngine();
  const doc = useDocument();
  const photos = usePhotos();
  const form = ref<BlindFormEntries>({
    kind: 'rate',
    truth: 'none',
    withOriginal: true,
    scale: 4,
    source: 'places',
    places: 4,
    rater: '',
    chosen: [],
  });
  const isOpen = ref(false);
  const wasOpened = ref(false);
  const preparing = ownJob<{ readonly photo: string }>(engine, (line, { photo: of }) => {
    if (line.state === 'failed' && line.fault) fault.value = line.fault;
    if (line.state !== 'done' || photo.value !== of) return;
    const state = readBy(jobKinds.blind.result, line.result, 'blind comparison');
    rating.value = { photo: of, state, trial: nextOf(state.answers, 0), pictures: null };
    void show();
  });
  const rating = shallowRef<BlindRating | null>(null);
  const comparisonNow = (): string | undefined => rating.value?.state.comparison;
  /** Comparisons of the photo that were begun and not ended. */
  const waiting = shallowRef<Value<'blind:open'>>([]);
  const opinions = shallowRef<readonly Opinions[]>([]);
  const fault = shallowRef<Fault | null>(null);
  const photo = computed(() => doc.photo?.photo ?? null);

  /** Does what the engine may refuse; the refusal is told, and undefined comes of it. */
  async function asked<T>(work: () => Promise<T>): Promise<T | undefined> {
    fault.value = null;
    try {
      return await work();
    } catch (thrown) {
      fault.value = faultOf(thrown);
      return undefined;
    }
  }

  /** What there is of the photo: comparisons that wait, and what ended ones say. */
  async function read(): Promise<void> {
    waiting.value = [];
    opinions.value = [];
    // One that is on its way back into the engine is asked about once it is there.
    const of = photos.readable?.photo;
    if (of === undefined) return;
    try {
      const found = await Promise.all([
        engine.call('blind:open', { photo: of }),
        engine.call('blind:opinions', { photo: of }),
      ]);
      if (photo.value === of) [waiting.value, opinions.value] = found;
    } catch (thrown) {
      fault.value = faultOf(thrown);
    }
  }

  function open(): void {
    if (!doc.photo) return;
    if (rating.value && rating.value.photo !== photo.value) rating.value = null;
    isOpen.value = true;
    wasOpened.value = true;
  }

  async function prepare(comparison: ParamsInput<'job:blind'>['comparison']): Promise<void> {
    const of = photo.value;
    if (of === null || preparing.running.value) return;
    const line = await asked(() => engine.call('job:blind', { photo: of, comparison }));
    if (line) preparing.follow(line, { photo: of });
  }

  /** Brings the pictures of the trial at hand. */
  async function show(): Promise<void> {
    const now = rating.value;
    if (!now || now.trial >= now.state.answers.length) return;
    const { comparison } = now.state;
    const found = await asked(() => engine.call('blind:show', { comparison, trial: now.trial }));
    const { value: later } = rating;
    if (!found || later?.state.comparison !== comparison || later.trial !== now.trial) return;
    rating.value = { ...later, pictures: found.pictures };
  }

  /** The next trial without an answer, or past the end. */
  const nextOf = (answers: BlindState['answers'], after: number): number => {
    const next = answers.indexOf(null, after);
    const any = next < 0 ? answers.indexOf(null) : next;
    return any < 0 ? answers.length : any;
  };

  /** Keeps the answer and goes on; a key that is struck before the pictures are seen counts for nothing. */
  async function answer(given: number): Promise<void> {
    const now = rating.value;
    if (!now?.pictures) return;
    const { comparison } = now.state;
    rating.value = { ...now, pictures: null };
    const state = await asked(() =>
      engine.call('blind:answer', { comparison, trial: now.trial, answer: given }),
    );
    if (comparisonNow() !== comparison) return; // another one was begun meanwhile
    if (!state) {
      rating.value = now;
      return;
    }
    rating.value = { ...rating.value, state, trial: nextOf(state.answers, now.trial), pictures: null };
    void show();
  }

  /** One trial back, to look again and answer otherwise. */
  function back(): void {
    const now = rating.value;
    if (!now || now.trial === 0) return;
    rating.value = { ...now, trial: now.trial - 1, pictures: null };
    void show();
  }

  /** Ends it: now it is told who made what. */
  async function finish(): Promise<void> {
    const now = rating.value;
    if (!now) return;
    const ended = await asked(() => engine.call('blind:end', { comparison: now.state.comparison }));
    if (ended === undefined) return;
    rating.value = null;
    await read();
  }

  /** Leaves it as it is, to go on later. */
  async function leave(): Promise<void> {
    rating.value = null;
    await read();
  }

  async function forget(comparison: string): Promise<void> {
    await asked(() => engine.call('blind:forget', { comparison }));
    await read();
  }

  /** Saves a table about the photo, under its name. */
  const saveTable = (of: string, lines: readonly string[]): void =>
    saveText(
      `${doc.photo ? photoStem(doc.photo) : 'photo'}-${of}.csv`,
      `${lines.join('\n')}\n`,
      'text/csv;charset=utf-8',
    );
  const saveOpinions = (): void => saveTable('opinions', opinionsCsv(opinions.value));
  async function saveAnswers(): Promise<void> {
    const of = photo.value;
    if (of === null) return;
    const given = await asked(() => engine.call('blind:answers', { photo: of }));
    if (given) saveTable('answers', answersCsv(given));
  }

  watch(
    () => isOpen.value && (photos.readable?.photo ?? null),
    (of) => {
      if (of && !rating.value) void read();
    },
  );

  const stops = [
    engine.on('jobs:changed', () => void preparing.reread()),
    engine.on('engine:lost', ({ fault: lost }) => {
      // The pictures went with it; the comparison and its answers are kept.
      if (preparing.running.value || rating.value) fault.value = lost;
      preparing.running.value = null;
      rating.value = null;
    }),
    engine.on('engine:restored', () => {
      if (isOpen.value) void read();
    }),
  ];
  onScopeDispose(() => stops.forEach((one) => one()));

  return {
    form,
    isOpen,
    wasOpened,
    preparing: preparing.running,
    rating,
    waiting,
    opinions,
    fault,
    open,
    begin: (plan: BlindPlan) => prepare(plan),
    goOn: (comparison: string) => prepare({ again: comparison }),
    stop: preparing.stop,
    answer,
    back,
    finish,
    leave,
    forget,
    saveOpinions,
    saveAnswers,
  };
});
