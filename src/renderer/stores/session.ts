import { useEventListener, watchDebounced } from '@vueuse/core';
import { defineStore } from 'pinia';
import { ref, watch } from 'vue';
import * as v from 'valibot';
import { EMPTY, type EditorDocument } from '../document/document';
import { keepOf } from '../document/exports';
import { fromSnapshot, toSnapshot } from '../document/snapshot';
import { faultOf } from '../../shared/faults';
import { useEngine } from '../engine/connect';
import { useDocument } from './document';
import { useJobs } from './jobs';
import { ownFileSchema, useOwnFile, type OwnFile } from './ownFile';
import { useSettings } from './settings';

/** The document is written down once it rests this long, and no later than that while it is changed. */
const REST_MS = 400;
const LATEST_MS = 2000;

/** Beside the document: the file that it belongs to, and what the page knows of its exports (`exports`). */
const keptFileSchema = v.object({ file: ownFileSchema, isChanged: v.boolean() });
const keptExportsSchema = v.object({ exports: v.unknown() });

/** What was open comes back: the document is kept by the page's door across reloads and restarts. */
export const useSession = defineStore('session', () => {
  const engine = useEngine();
  const settings = useSettings();
  const doc = useDocument();
  const ownFile = useOwnFile();
  const jobs = useJobs();
  /**
   * Why what was open last time did not come back, or why what is open now will not; null: it did, or there was
   * nothing.
   */
  const problem = ref<'damaged' | 'newer' | 'unwritten' | null>(null);
  /** As the door has it: what was not changed since need not be written, and what cannot be read stays as it is. */
  let written: EditorDocument | null = null;
  let writtenFile: OwnFile | null = null;
  let writtenExports: unknown = jobs.remembered;

  async function begin(): Promise<void> {
    await settings.load();
    const { snapshot } = await engine.ask('session:read', {}).catch(() => ({ snapshot: null }));
    const reading = snapshot === null ? null : fromSnapshot(snapshot);
    if (reading && !reading.ok) problem.value = reading.problem;
    const { strip, ...encoding } = settings.settings.encoding;
    const exports = { ...EMPTY.exports, encoding, keep: keepOf(strip) };
    const document = reading?.ok ? reading.document : { ...EMPTY, exports };
    written = document;
    doc.start(document);
    const file = v.safeParse(keptFileSchema, snapshot);
    if (reading?.ok && file.success)
      ownFile.belongsTo(file.output.file, file.output.isChanged ? EMPTY : document);
    const kept = v.safeParse(keptExportsSchema, snapshot);
    if (reading?.ok && kept.success) jobs.remember(kept.output.exports);
  }
  let beginning: Promise<void> | null = null;

  function write(): void {
    const { present } = doc;
    const isSame = written === present && writtenFile === ownFile.own && writtenExports === jobs.remembered;
    if (written === null || isSame) return;
    written = present;
    writtenFile = ownFile.own;
    writtenExports = jobs.remembered;
    // Where the door is away: it is written again with the next change.
    const { own, isChanged } = ownFile;
    const exports = jobs.keptFor(present.photos.map(({ info }) => info.photo));
    const snapshot = { ...toSnapshot(present), ...(own && { file: own, isChanged }), exports };
    engine.ask('session:write', { snapshot }).catch((error: unknown) => {
      if (written === present) written = EMPTY;
      if (faultOf(error).code === 'output-unwritable') problem.value = 'unwritten';
    });
  }
  watchDebounced([() => doc.present, () => ownFile.own, () => jobs.remembered], write, {
    debounce: REST_MS,
    maxWait: LATEST_MS,
  });
  // What is ordered is told at once, and what of it has begun: should the door or the page end before all of it has,
  // the others are known, and nothing that was made already is offered again.
  watch(() => jobs.awaited, write);
  useEventListener(window, 'pagehide', write);

  return {
    problem,
    /** Done once what was remembered is read; the first call reads it. */
    started: (): Promise<void> => (beginning ??= begin()),
  };
});
