import { flushPromises } from '@vue/test-utils';
import { expect, test, vi } from 'vitest';
import { EMPTY } from '../../src/renderer/document/document';
import { openPhoto } from '../../src/renderer/document/photos';
import { toSnapshot } from '../../src/renderer/document/snapshot';
import { useDocument } from '../../src/renderer/stores/document';
import { useDocuments } from '../../src/renderer/stores/documents';
import type { PageCallMessage } from '../../src/shared/contract';
import { documentText } from '../../src/shared/documentFile';
import { FakeDoor, photoInfo } from './fakeDoor';
import { openApp } from './openApp';

/** Tells what was open last time when a test says so. */
class SlowDoor extends FakeDoor {
  private asks: PageCallMessage | undefined;

  override post(message: PageCallMessage): void {
    if (message.call === 'session:read') this.asks = message;
    else super.post(message);
  }

  tellOfLastTime(): void {
    this.say({ id: this.asks!.id, result: { ok: true, value: { snapshot: null } } });
  }
}

test('a document that is opened before it is known what was open last time stays', async () => {
  const info = photoInfo({ photo: 'photo-a', name: 'a.png' });
  const door = new SlowDoor({ 'photo:reopen': () => info });
  const { pinia } = await openApp(door);
  const settings = {
    method: { id: 'bicubic' },
    target: { by: 'scale', scale: 4 },
    turned: {},
    dpi: null,
  } as const;
  const saved = openPhoto(info, settings).run(EMPTY);
  const file = new File([documentText(toSnapshot(saved), {})], 'mine.enlarger');
  const reading = vi.spyOn(file, 'text');
  const opening = useDocuments(pinia).openFile(file);
  await reading.mock.results[0]!.value;
  await flushPromises();
  door.tellOfLastTime();
  await opening;
  await flushPromises();
  expect(useDocument(pinia).photos.map(({ name }) => name)).toEqual(['a.png']);
});
