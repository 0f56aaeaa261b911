import { defineStore } from 'pinia';
import { ref } from 'vue';
import type { Fault } from '../../shared/faults';

/** Beside what a notice stands. */
export type NoticePlace = 'open' | 'view' | 'export' | 'engine' | 'document';

/** A button that takes the next step; `label` is a key of the texts. */
export interface NextStep {
  readonly label: string;
  run(): void;
}

export interface Notice {
  readonly id: number;
  readonly place: NoticePlace;
  /** What failed; absent: a word, not a failure. */
  readonly fault?: Fault;
  /** What the sentence is about: a file's name. */
  readonly about?: string;
  /** The sentence of a word: ready to be shown, or the engine's. */
  readonly message?: string;
  readonly next?: NextStep;
  /** The photo that it speaks of: it goes when that is closed. */
  readonly photo?: string;
  /** Leaves by itself after a while: nothing is lost with it. */
  readonly passes?: boolean;
}

/** A sentence for a screen reader. */
export interface Spoken {
  readonly id: number;
  readonly sentence: string;
}

/** So many sentences stay where a screen reader finds them. */
const SPOKEN_KEPT = 4;

/**
 * At most so many at one place: the oldest leaves. What was said of files stays until it is dismissed, however many
 * there were: no failure goes unseen.
 */
const PER_PLACE: Readonly<Record<NoticePlace, number>> = {
  open: 1000,
  export: 1000,
  view: 4,
  engine: 4,
  document: 4,
};

/** Failures beside what failed, and sentences for a screen reader. */
export const useNotices = defineStore('notices', () => {
  const notices = ref<Notice[]>([]);
  const spoken = ref<readonly Spoken[]>([]);
  let nextId = 1;

  function add(notice: Omit<Notice, 'id'>): number {
    const id = nextId++;
    const others = notices.value.filter((other) => other.place !== notice.place);
    const same = notices.value.filter((other) => other.place === notice.place && !isSame(other, notice));
    notices.value = [...others, ...same.slice(1 - PER_PLACE[notice.place]), { ...notice, id }];
    return id;
  }

  const dismiss = (id: number): void => {
    notices.value = notices.value.filter((notice) => notice.id !== id);
  };

  const clear = (place: NoticePlace): void => {
    notices.value = notices.value.filter((notice) => notice.place !== place);
  };

  /** What was told at a place is over: its notices leave by themselves. */
  const letPass = (place: NoticePlace): void => {
    notices.value = notices.value.map((notice) =>
      notice.place === place ? { ...notice, passes: true } : notice,
    );
  };

  /** The connection is back: what failed for it goes, but for what its button takes up again. */
  const connected = (): void => {
    notices.value = notices.value.filter(({ fault, next }) => fault?.code !== 'engine-lost' || next);
  };

  /** A photo was closed: what was said of it goes. */
  const forget = (photo: string): void => {
    notices.value = notices.value.filter((notice) => notice.photo !== photo);
  };

  /** Tells a screen reader, quietly; a sentence that follows at once does not take this one's place. */
  const say = (sentence: string): void => {
    spoken.value = [...spoken.value.slice(1 - SPOKEN_KEPT), { id: nextId++, sentence }];
  };

  return { notices, spoken, add, dismiss, clear, letPass, connected, forget, say };
});

const isSame = (a: Omit<Notice, 'id'>, b: Omit<Notice, 'id'>): boolean =>
  a.fault?.message === b.fault?.message && a.message === b.message && a.about === b.about;
