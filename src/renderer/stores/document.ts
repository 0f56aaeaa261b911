import { defineStore } from 'pinia';
import { computed, onScopeDispose, ref, shallowRef } from 'vue';
import type { PhotoInfo, Turned } from '../../shared/contract';
import { faultOf } from '../../shared/faults';
import { DPI_DEFAULT, sizeAt } from '../editor/exactSize';
import * as documents from '../editor/editorDocument';
import { optionsOf } from '../editor/methodSettings';
import { useEngine } from '../engine/connect';
import { useMethods } from './methods';
import { useNotices } from './notices';
import { useSettings } from './settings';

/** Where a photo came from: what it takes to open it again after the engine was started anew. */
type Source = { kind: 'file'; file: File } | { kind: 'sample' } | { kind: 'door' };

/** The editor's document: open photos, the one in the view, method and size. */
export const useDocument = defineStore('document', () => {
  const engine = useEngine();
  const notices = useNotices();
  const settings = useSettings();
  const methods = useMethods();
  const document = shallowRef(documents.emptyDocument(settings.settings.method, settings.settings.scale));
  /** Names of photos on their way. */
  const opening = ref<{ key: number; name: string }[]>([]);
  const sources = new Map<string, Source>();
  let nextKey = 1;

  const photos = computed(() => document.value.photos);
  const photo = computed(() => documents.chosenPhoto(document.value));
  const method = computed(() => methods.byId.get(document.value.method) ?? null);
  /** What any method is asked with, as the user turned it. */
  const optionsFor = (id: string) => optionsOf(methods.byId.get(id) ?? null, document.value.turned[id]);
  const options = computed(() => optionsFor(document.value.method));
  const dpi = computed(() => document.value.dpi ?? photo.value?.density ?? DPI_DEFAULT);
  const size = computed(() => (photo.value ? sizeAt(photo.value, document.value.scale, dpi.value) : null));

  const edit = (next: documents.EditorDocument): void => {
    document.value = next;
  };

  function admit(info: PhotoInfo, source: Source): void {
    sources.set(info.photo, source);
    edit(documents.addPhoto(document.value, info));
    for (const message of info.notes) notices.add({ place: 'open', message: `${info.name}: ${message}` });
  }

  /** Shows `name` as being opened until `task` is over; a failure becomes a notice. */
  async function opened(name: string, task: () => Promise<void>): Promise<void> {
    const key = nextKey++;
    opening.value = [...opening.value, { key, name }];
    try {
      await task();
    } catch (thrown) {
      const fault = faultOf(thrown);
      if (fault.code !== 'stopped') notices.add({ place: 'open', fault });
    } finally {
      opening.value = opening.value.filter((one) => one.key !== key);
    }
  }

  /** Opens files one after another, each on screen as soon as it is read. */
  async function openFiles(files: readonly File[]): Promise<void> {
    notices.clear('open');
    for (const file of files) {
      await opened(file.name, async () => admit(await engine.openFile(file), { kind: 'file', file }));
    }
  }

  async function openSample(): Promise<void> {
    notices.clear('open');
    await opened('', async () => admit(await engine.call('photo:sample', {}), { kind: 'sample' }));
  }

  /** The desktop's own dialog. */
  async function choose(): Promise<void> {
    notices.clear('open');
    await opened('', async () => {
      for (const info of await engine.ask('door:choose', {})) admit(info, { kind: 'door' });
    });
  }

  function close(id: string): void {
    sources.delete(id);
    edit(documents.removePhoto(document.value, id));
    // A photo that the engine no longer has is closed already.
    engine.call('photo:close', { photo: id }).catch(() => undefined);
  }

  /** After the engine was started again: opens every photo anew, in its old place. */
  async function reopen(): Promise<void> {
    for (const old of document.value.photos) {
      const source = sources.get(old.photo);
      sources.delete(old.photo);
      await opened(old.name, async () => {
        if (!source || source.kind === 'door') {
          edit(documents.removePhoto(document.value, old.photo));
          return;
        }
        try {
          const info =
            source.kind === 'sample'
              ? await engine.call('photo:sample', {})
              : await engine.openFile(source.file);
          sources.set(info.photo, source);
          edit(documents.replacePhoto(document.value, old.photo, info));
        } catch (thrown) {
          edit(documents.removePhoto(document.value, old.photo));
          throw thrown;
        }
      });
    }
  }

  function setMethod(id: string): void {
    edit({ ...document.value, method: id });
    settings.change({ method: id });
  }

  /** Turns something in the chosen method. */
  function turn(part: Turned): void {
    if (!method.value) return;
    edit(documents.turnMethod(document.value, method.value, part));
    settings.change({ turned: document.value.turned });
  }

  function setScale(scale: number): void {
    edit({ ...document.value, scale });
    settings.change({ scale });
  }

  /** Takes method, scale and what was turned from what was remembered. */
  function restore(): void {
    const { method: id, scale, turned } = settings.settings;
    edit({ ...document.value, method: id, scale, turned });
  }

  let wasLost = false;
  const stops = [
    engine.on('door:opened', ({ photo: info }) => admit(info, { kind: 'door' })),
    engine.on('engine:lost', ({ fault }) => {
      notices.add({ place: 'engine', fault });
      void reopen();
    }),
    engine.onState((state) => {
      if (state === 'open' && wasLost) void reopen();
      wasLost = state === 'lost';
    }),
  ];
  onScopeDispose(() => stops.forEach((stop) => stop()));

  return {
    document,
    opening,
    photos,
    photo,
    method,
    options,
    optionsFor,
    dpi,
    size,
    openFiles,
    openSample,
    choose,
    close,
    setMethod,
    turn,
    setScale,
    restore,
    setDpi: (value: number) => edit({ ...document.value, dpi: value }),
    show: (id: string) => edit({ ...document.value, chosen: id }),
    showBeside: (direction: 1 | -1) => edit(documents.choosePhotoBeside(document.value, direction)),
  };
});
