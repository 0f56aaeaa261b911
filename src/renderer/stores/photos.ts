import { defineStore } from 'pinia';
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue';
import { useI18n } from 'vue-i18n';
import type { Page, PhotoInfo } from '../../shared/contract';
import { faultOf, type Fault } from '../../shared/faults';
import { photoOf } from '../document/document';
import { replacePhoto } from '../document/photos';
import { useEngine } from '../engine/connect';
import { feedOf } from '../scene/feed';
import { useDocument } from './document';
import { useNotices } from './notices';
import { useSession } from './session';

/** What a photo can be opened from again when its door no longer knows its token. */
type Origin = { kind: 'file'; file: File } | { kind: 'sample' };

/** Photos on their way in and out: opening, closing, opening again, and those that cannot be read just now. */
export const usePhotos = defineStore('photos', () => {
  const engine = useEngine();
  const { t } = useI18n();
  const notices = useNotices();
  const session = useSession();
  const doc = useDocument();
  /** Names of photos on their way. */
  const opening = ref<{ key: number; name: string }[]>([]);
  /** Why a photo of the document cannot be read, by its token; it keeps its place. */
  const troubles = shallowRef<ReadonlyMap<string, Fault>>(new Map());
  /** Tokens of photos that came back into the document and are being opened again. */
  const returning = shallowRef<ReadonlySet<string>>(new Set());
  /** The photo in the view, where it can be read now. */
  const readable = computed(() => (doc.photo && canRead(doc.photo.photo) ? doc.photo : null));
  const canRead = (token: string): boolean => !troubles.value.has(token) && !returning.value.has(token);
  const origins = new Map<string, Origin>();
  /** Tokens that the engine holds, or is asked to hold. */
  const held = new Set<string>();
  let nextKey = 1;
  /** Of photos that arrive together the first is shown, and nothing flips past it. */
  let shownArrival = '';

  const setTrouble = (token: string, fault: Fault | null): void => {
    const next = new Map(troubles.value);
    if (fault) next.set(token, fault);
    else next.delete(token);
    troubles.value = next;
  };

  /** The place in the document that waits for this very photo: of the same name and page, and as large where it is not known as changed. */
  function placeFor({ name, page, width, height }: PhotoInfo): string | null {
    const waiting = doc.photos.find((photo) => {
      const fault = troubles.value.get(photo.photo);
      if (!fault || photo.name !== name || photo.page !== page) return false;
      return fault.code === 'photo-changed' || (photo.width === width && photo.height === height);
    });
    return waiting?.photo ?? null;
  }

  /** A file of the name that a place waits for, but of another size: why it does not come there. */
  function tellOfOther({ photo, name, page }: PhotoInfo): void {
    const waiting = doc.photos.find(
      (one) => one.name === name && one.page === page && troubles.value.has(one.photo),
    );
    if (!waiting) return;
    const { width, height } = waiting;
    notices.add({ place: 'open', message: t('notice.otherPhoto', { name, width, height }), photo });
  }

  function admit(info: PhotoInfo, arrival: string, origin?: Origin): void {
    held.add(info.photo);
    if (origin) origins.set(info.photo, origin);
    const place = placeFor(info);
    if (place !== null) {
      setTrouble(place, null);
      doc.correct(replacePhoto(place, info));
    } else {
      tellOfOther(info);
      setTrouble(info.photo, null);
      doc.add(info, arrival, arrival !== shownArrival);
      shownArrival = arrival;
    }
    for (const note of info.notes) {
      notices.add({ place: 'open', about: info.name, message: note, photo: info.photo });
    }
  }

  /** Shows each name as being opened until its task is over; a failure becomes a notice. All are one step. */
  async function open(names: readonly string[], task: (index: number, arrival: string) => Promise<void>) {
    notices.clear('open');
    const arrival = `open ${nextKey++}`;
    for (const [index, name] of names.entries()) {
      const key = nextKey++;
      opening.value = [...opening.value, { key, name }];
      try {
        await session.started();
        await task(index, arrival);
      } catch (thrown) {
        const fault = faultOf(thrown);
        if (fault.code !== 'stopped') notices.add({ place: 'open', fault });
      } finally {
        opening.value = opening.value.filter((one) => one.key !== key);
      }
    }
    doc.squash();
  }

  /** Opens files one after another, each on screen as soon as it is read. */
  const openFiles = (files: readonly File[]): Promise<void> =>
    open(
      files.map(({ name }) => name),
      async (index, arrival) => {
        const file = files[index];
        if (file) await admitFile(file, arrival);
      },
    );

  /** A file that the user gave: its first picture, or those others that the document waits for. */
  async function admitFile(file: File, arrival: string): Promise<void> {
    const info = await engine.openFile(file);
    const origin = { kind: 'file', file } as const;
    const waiting = doc.photos.filter(({ photo, name }) => name === info.name && troubles.value.has(photo));
    const others = waiting.map(({ page }) => page).filter((page) => page !== info.page);
    if (others.length === 0 || placeFor(info) !== null) admit(info, arrival, origin);
    try {
      for (const page of others) {
        admit(await engine.ask('photo:page', { photo: info.photo, page }), arrival, origin);
      }
    } finally {
      if (!held.has(info.photo)) drop(info.photo);
    }
  }

  /** Another page of a photo's file, as a photo of its own; one that is open already is shown. */
  const openPage = ({ photo, name }: PhotoInfo, page: Page): Promise<void> =>
    open([name], async (_index, arrival) => {
      admit(await engine.ask('photo:page', { photo, page }), arrival, origins.get(photo));
    });

  const openSample = (): Promise<void> =>
    open([''], async (_index, arrival) =>
      admit(await engine.ask('photo:sample', {}), arrival, { kind: 'sample' }),
    );

  /** The desktop's own dialog. */
  const choose = (): Promise<void> =>
    open([''], async (_index, arrival) => {
      for (const info of await engine.ask('door:choose', {})) admit(info, arrival);
    });

  /** Opens under its token; one that the door has forgotten from what the page itself still has. */
  async function openAgain(token: string): Promise<PhotoInfo> {
    try {
      return await engine.ask('photo:reopen', { photo: token });
    } catch (thrown) {
      const origin = origins.get(token);
      if (!origin || faultOf(thrown).code !== 'unknown-photo') throw thrown;
      if (origin.kind === 'sample') return engine.ask('photo:sample', {});
      const first = await engine.openFile(origin.file);
      const page = photoOf(doc.present, token)?.info.page ?? first.page;
      if (page === first.page) return first;
      try {
        return await engine.ask('photo:page', { photo: first.photo, page });
      } finally {
        drop(first.photo);
      }
    }
  }

  /** Opens a photo of the document again, in its place; one that cannot be opened stays there and says why. */
  async function reopen(token: string): Promise<void> {
    held.add(token);
    try {
      const info = await openAgain(token);
      const origin = origins.get(token);
      if (origin) origins.set(info.photo, origin);
      held.delete(token);
      if (!photoOf(doc.present, token)) {
        drop(info.photo); // it was closed meanwhile
        return;
      }
      held.add(info.photo);
      setTrouble(token, null);
      doc.correct(replacePhoto(token, info));
    } catch (thrown) {
      held.delete(token);
      const photo = photoOf(doc.present, token);
      if (photo) setTrouble(token, troubleOf(faultOf(thrown), photo.info.name));
    }
  }

  /** A door that never had a photo, as a browser's has none of a document, waits for the user to give its file. */
  const troubleOf = (fault: Fault, name: string): Fault =>
    fault.code === 'unknown-photo'
      ? {
          code: 'photo-awaited',
          message: `Expected the file of ${name}, which belongs to this document; choose it, or drop it here.`,
          file: name,
        }
      : fault;

  function drop(token: string): void {
    held.delete(token);
    // A photo that the engine no longer has is closed already.
    engine.call('photo:close', { photo: token }).catch(() => undefined);
  }

  /** One after another, the one in the view first. */
  async function reopenEach(tokens: readonly string[]): Promise<void> {
    const { shown } = doc.present;
    const first = tokens.filter((token) => token === shown);
    for (const token of [...first, ...tokens.filter((other) => other !== shown)]) {
      await reopen(token);
      returning.value = new Set([...returning.value].filter((one) => one !== token));
    }
  }

  /** Photos that came back into the document, which the engine does not hold. */
  function bringBack(tokens: readonly string[]): void {
    for (const token of tokens) held.add(token);
    returning.value = new Set([...returning.value, ...tokens]);
    void reopenEach(tokens);
  }

  // A photo that left the document is closed; one that came back with undo or redo is opened again.
  watch(
    () => doc.photos.map(({ photo }) => photo),
    (now, before) => {
      const present = new Set(now);
      for (const token of before) {
        if (present.has(token)) continue;
        setTrouble(token, null);
        notices.forget(token);
        if (held.has(token)) drop(token);
      }
      const missing = now.filter((token) => !held.has(token) && !troubles.value.has(token));
      if (missing.length > 0) bringBack(missing);
    },
    { flush: 'sync' },
  );

  let wasLost = false;
  const stops = [
    engine.on('door:opened', ({ photo }) => {
      void open([photo.name], (_index, arrival) => {
        admit(photo, arrival);
        return Promise.resolve();
      });
    }),
    // What is on screen stays; the door gives its photos to the new engine under their old tokens.
    engine.on('engine:lost', ({ fault }) => {
      notices.add({ place: 'engine', fault });
    }),
    engine.on('engine:restored', ({ failed }) => {
      // What did not come back has its own sentence, in its place.
      notices.letPass('engine');
      for (const { photo, fault } of failed) {
        held.delete(photo);
        if (photoOf(doc.present, photo)) setTrouble(photo, fault);
      }
    }),
    engine.onState((state) => {
      // The door may have been started anew.
      if (state === 'open' && wasLost)
        void reopenEach(doc.photos.map(({ photo }) => photo)).then(() => feedOf(engine).restart());
      wasLost = state === 'lost';
    }),
  ];
  onScopeDispose(() => stops.forEach((stop) => stop()));

  return {
    opening,
    troubles,
    readable,
    canRead,
    openFiles,
    openSample,
    openPage,
    choose,
    /** A photo that its door has opened already. */
    take: (info: PhotoInfo) =>
      open([info.name], (_index, arrival) => {
        admit(info, arrival);
        return Promise.resolve();
      }),
    /** The file that a photo came from, where the page itself has it. */
    fileOf: (token: string): File | 'sample' | null => {
      const origin = origins.get(token);
      return origin === undefined ? null : origin.kind === 'sample' ? 'sample' : origin.file;
    },
    retry: reopen,
  };
});
