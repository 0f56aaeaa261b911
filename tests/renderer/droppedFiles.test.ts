import { expect, it } from 'vitest';
import { droppedFiles } from '../../src/renderer/editor/droppedFiles';

/** Entries as a browser gives them for what was dropped: a folder's come in parts, and an empty part at the end. */
const fileEntry = (name: string): unknown => ({
  isDirectory: false,
  name,
  file: (resolve: (file: File) => void) => resolve(new File([], name)),
});
const folderEntry = (name: string, inside: readonly unknown[]): unknown => ({
  isDirectory: true,
  name,
  createReader: () => {
    const parts = [[...inside], []];
    return { readEntries: (resolve: (part: unknown[]) => void) => resolve(parts.shift() ?? []) };
  },
});
const dropOf = (...entries: unknown[]): DataTransfer =>
  ({
    items: entries.map((entry) => ({
      kind: 'file',
      webkitGetAsEntry: () => entry,
      getAsFile: () => new File([], (entry as { name: string }).name),
    })),
  }) as unknown as DataTransfer;

it('takes of dropped folders the pictures that are not hidden, and tells those that cannot be read; files themselves whatever they are', async () => {
  const summer = folderEntry('summer', [fileEntry('b.JPG'), fileEntry('notes.txt'), fileEntry('GOPR1.GPR')]);
  const hidden = [fileEntry('._a.png'), folderEntry('.thumbs', [fileEntry('t.jpg')])];
  const photos = folderEntry('photos', [fileEntry('poster.psd'), ...hidden, summer, fileEntry('a.png')]);
  const { files, unread } = await droppedFiles(dropOf(photos, fileEntry('c.psd')));
  expect(files.map(({ name }) => name)).toEqual(['a.png', 'b.JPG', 'c.psd']);
  expect(unread).toEqual(['poster.psd', 'GOPR1.GPR']);
});
