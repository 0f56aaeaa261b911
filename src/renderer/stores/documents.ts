import { defineStore } from 'pinia';
import { onScopeDispose, ref, shallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import type { OpenedDocument, RecentFile } from '../../shared/contract';
import {
  DOCUMENT_BYTES_MAX,
  DOCUMENT_EXTENSION,
  documentText,
  fingerprintOf,
  readDocumentText,
  type DocumentPhotoFile,
} from '../../shared/documentFile';
import { FaultError, faultOf, type FaultCode } from '../../shared/faults';
import { safeName, stemOf } from '../../shared/fileName';
import { fromSnapshot, toSnapshot } from '../document/snapshot';
import { openDocument, withTokens } from '../document/whole';
import { useEngine } from '../engine/connect';
import { saveText } from '../engine/saveText';
import { useConnection } from './connection';
import { useDocument } from './document';
import { useNotices } from './notices';
import { useOwnFile, type OwnFile } from './ownFile';
import { usePhotos } from './photos';
import { useSession } from './session';

/** The document as a file: saved, opened again, and what was opened lately. */
export const useDocuments = defineStore('documents', () => {
  const engine = useEngine();
  const i18n = useI18n();
  const connection = useConnection();
  const doc = useDocument();
  const notices = useNotices();
  const photos = usePhotos();
  const session = useSession();
  const ownFile = useOwnFile();
  const recent = shallowRef<readonly RecentFile[]>([]);
  const isSaving = ref(false);

  const tell = (thrown: unknown): void => {
    const fault = faultOf(thrown);
    if (fault.code !== 'stopped') notices.add({ place: 'open', fault });
  };

  async function loadRecent(): Promise<void> {
    recent.value = await engine.ask('recent:list', {}).catch(() => []);
  }

  /**
   * Another document in the place of this one, with its photos under the tokens that they have here: once what was open
   * last time is back, which would take its place.
   */
  async function take(
    { snapshot, photos: renamed }: Pick<OpenedDocument, 'snapshot' | 'photos'>,
    at: OwnFile,
  ): Promise<void> {
    await session.started();
    const reading = fromSnapshot(snapshot);
    if (!reading.ok) {
      const [code, found]: [FaultCode, string] =
        reading.problem === 'newer'
          ? ['newer-document', 'is of a newer Enlarger; open it with that one']
          : ['bad-document', 'is none or is damaged; open another copy of it, or its photos'];
      throw new FaultError(code, `Expected a document of this Enlarger, found that ${at.name} ${found}.`, {
        file: at.name,
      });
    }
    doc.commit(openDocument(withTokens(reading.document, renamed), at.name));
    ownFile.belongsTo(at, doc.present);
    void loadRecent();
  }
  const takeOpened = (opened: OpenedDocument): Promise<void> =>
    take(opened, { file: opened.file, name: opened.name });

  /** A file that was dropped or chosen. In a browser its photos are asked for, since it gives no file unasked. */
  async function openFile(file: File): Promise<void> {
    try {
      if (connection.isDesktop) {
        await takeOpened(await engine.openDocumentFile(file));
        return;
      }
      if (file.size > DOCUMENT_BYTES_MAX) readDocumentText('', file.name); // says that it is none
      const snapshot = readDocumentText(await file.text(), file.name);
      await take({ snapshot, photos: [] }, { file: null, name: file.name });
    } catch (thrown) {
      tell(thrown);
    }
  }

  /** What a browser knows of its photos: no paths, but by what each is known again. */
  async function placesHere(): Promise<Record<string, DocumentPhotoFile>> {
    const places: Record<string, DocumentPhotoFile> = {};
    for (const { photo, name, page } of doc.photos) {
      const file = photos.fileOf(photo);
      if (file === 'sample') places[photo] = { kind: 'sample' };
      else if (file) {
        const read = async (from: number, to: number): Promise<Uint8Array> =>
          new Uint8Array(await file.slice(from, to).arrayBuffer());
        places[photo] = {
          kind: 'file',
          name,
          bytes: file.size,
          fingerprint: await fingerprintOf(file.size, read),
          ...(page === 1 ? {} : { page }),
        };
      }
    }
    return places;
  }

  /** Saves to the document's own file; `elsewhere`, or where it has none yet, to one that the user names. */
  async function save(elsewhere = false): Promise<void> {
    const { present } = doc;
    if (present.photos.length === 0 || isSaving.value) return;
    isSaving.value = true;
    const first = stemOf(present.photos[0]!.info.name) || 'document';
    const suggestedName = ownFile.own?.name ?? `${first}.${DOCUMENT_EXTENSION}`;
    try {
      const snapshot = toSnapshot(present);
      if (connection.isDesktop) {
        const file = elsewhere ? null : (ownFile.own?.file ?? null);
        ownFile.belongsTo(await engine.ask('document:save', { snapshot, file, suggestedName }), present);
        void loadRecent();
      } else {
        const name = safeName(suggestedName, [DOCUMENT_EXTENSION]);
        saveText(name, documentText(snapshot, await placesHere()), 'application/json');
        ownFile.belongsTo({ file: null, name }, present);
      }
      notices.say(i18n.t('documents.saved', { name: ownFile.own?.name ?? '' }));
    } catch (thrown) {
      tell(thrown);
    } finally {
      isSaving.value = false;
    }
  }

  async function openRecent(id: string): Promise<void> {
    try {
      const opened = await engine.ask('recent:open', { id });
      if (opened.kind === 'document') await takeOpened(opened.document);
      else await photos.take(opened.photo);
    } catch (thrown) {
      tell(thrown);
    }
    void loadRecent();
  }

  async function clearRecent(): Promise<void> {
    await engine.ask('recent:clear', {}).catch(tell);
    void loadRecent();
  }

  onScopeDispose(engine.on('door:document', ({ document }) => void takeOpened(document).catch(tell)));

  return { isSaving, recent, loadRecent, openFile, openRecent, clearRecent, save };
});
