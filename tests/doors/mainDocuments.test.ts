import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { readDocument, writeDocument } from '../../src/main/documents';
import { connect, double, folder, openFiles, start, startAgain } from './desktopUnderTest';

describe('documents', () => {
  const snapshotOf = (...photos: string[]) => ({
    format: 'enlarger-document',
    version: 2,
    document: { photos },
  });
  const tokenOf = (results: unknown, at = 0): string =>
    (results as { value: { photo: string } }[])[at]!.value.photo;
  const file = (name: string, text: string): string => {
    const path = join(folder, name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, text);
    return path;
  };
  const saveTo = (filePath: string): void =>
    void double.electron.dialog.showSaveDialog.mockResolvedValue({ canceled: false, filePath });
  interface Opened {
    readonly value: { readonly file: string; readonly photos: { was: string; photo: string }[] };
  }

  it('name their photos relative to themselves, and find them again wherever both were moved', async () => {
    await start();
    const port = connect();
    const photo = tokenOf(await openFiles([{ path: file('work/photos/a.jpg', 'first') }]));
    saveTo(join(folder, 'work', 'mine'));
    const saved = await port.call(1, 'document:save', {
      snapshot: snapshotOf(photo),
      file: null,
      suggestedName: 'mine',
    });
    expect(saved).toMatchObject({ ok: true, value: { name: 'mine.enlarger' } });
    const text = readFileSync(join(folder, 'work', 'mine.enlarger'), 'utf8');
    expect(text).toContain('"path": "photos/a.jpg"');
    expect(text).not.toContain(folder);
    renameSync(join(folder, 'work'), join(folder, 'elsewhere'));
    const opened = (await openFiles([{ path: join(folder, 'elsewhere', 'mine.enlarger') }])) as Opened[];
    const [{ was, photo: now }] = opened[0]!.value.photos as [{ was: string; photo: string }];
    expect(was).toBe(photo);
    expect(await port.call(2, 'photo:reopen', { photo: now })).toMatchObject({
      ok: true,
      value: { name: 'a.jpg' },
    });
    // It goes on under its name without a question, and names what it named before.
    double.electron.dialog.showSaveDialog.mockClear();
    const again = { snapshot: snapshotOf(now), file: opened[0]!.value.file, suggestedName: '' };
    expect(await port.call(3, 'document:save', again)).toMatchObject({ ok: true });
    expect(double.electron.dialog.showSaveDialog).not.toHaveBeenCalled();
    expect(readFileSync(join(folder, 'elsewhere', 'mine.enlarger'), 'utf8')).toContain('photos/a.jpg');
    expect((await readdir(join(folder, 'elsewhere'))).sort()).toEqual(['mine.enlarger', 'photos']);
  });

  it('know which page of a file each photo is', async () => {
    const path = file('scan.tif', 'pages');
    const { size: bytes, mtimeMs: modifiedMs } = statSync(path);
    const source = { kind: 'file', path, state: { bytes, modifiedMs }, temporary: false } as const;
    const document = join(folder, 'pages.enlarger');
    await writeDocument(document, snapshotOf('photo-a', 'photo-b'), [
      { photo: 'photo-a', name: 'scan.tif', source },
      { photo: 'photo-b', name: 'scan.tif', source: { ...source, page: 2 } },
    ]);
    const { photos } = await readDocument(document);
    expect(photos.map(({ was, booked }) => [was, 'page' in booked.source && booked.source.page])).toEqual([
      ['photo-a', false],
      ['photo-b', 2],
    ]);
  });

  it('keep the place of photos that were changed or are gone, which are named; copied ones are the same', async () => {
    await start();
    const port = connect();
    const paths = ['changed.jpg', 'gone.jpg', 'copied.jpg'].map((name) => file(name, `pixels of ${name}`));
    const opened = await openFiles(paths.map((path) => ({ path })));
    saveTo(join(folder, 'three.enlarger'));
    const tokens = [0, 1, 2].map((at) => tokenOf(opened, at));
    const asked = { snapshot: snapshotOf(...tokens), file: null, suggestedName: 'three' };
    await port.call(1, 'document:save', asked);
    file('changed.jpg', 'pixels of CHANGED.jpg'.slice(0, 'pixels of changed.jpg'.length));
    rmSync(paths[1]!);
    utimesSync(paths[2]!, 1e9, 1e9);
    double.electron.dialog.showOpenDialog.mockResolvedValue({
      canceled: false,
      filePaths: [join(folder, 'three.enlarger')],
    });
    const { value } = (await port.call(2, 'document:open', {})) as Opened;
    const reopened = (at: number): Promise<unknown> =>
      port.call(10 + at, 'photo:reopen', {
        photo: value.photos.find(({ was }) => was === tokens[at])!.photo,
      });
    expect(await reopened(0)).toMatchObject({ fault: { code: 'photo-changed', file: 'changed.jpg' } });
    expect(await reopened(1)).toMatchObject({ fault: { code: 'photo-moved', file: 'gone.jpg' } });
    expect(await reopened(2)).toMatchObject({ ok: true, value: { name: 'copied.jpg' } });
    // Saved while one is gone, it is still known when it comes back.
    const now = value.photos.map(({ photo }) => photo);
    await port.call(20, 'document:save', {
      snapshot: snapshotOf(...now),
      file: value.file,
      suggestedName: '',
    });
    file('gone.jpg', 'pixels of gone.jpg');
    const again = (await port.call(21, 'document:open', {})) as Opened;
    const back = again.value.photos.find(({ was }) => was === now[1])!;
    expect(await port.call(22, 'photo:reopen', { photo: back.photo })).toMatchObject({ ok: true });
  });

  it('give pasted pictures a file of their own beside them', async () => {
    await start();
    const port = connect();
    const photo = tokenOf(await openFiles([{ bytes: new Uint8Array([1, 2, 3]), name: 'pasted.png' }]));
    saveTo(join(folder, 'notes.enlarger'));
    await port.call(1, 'document:save', { snapshot: snapshotOf(photo), file: null, suggestedName: '' });
    expect([...readFileSync(join(folder, 'notes photos', 'pasted.png'))]).toEqual([1, 2, 3]);
    expect(readFileSync(join(folder, 'notes.enlarger'), 'utf8')).toContain('"notes photos/pasted.png"');
  });

  it('that are none are refused in a sentence, and nothing half-written stays', async () => {
    await start();
    const port = connect();
    const [damaged, gone] = (await openFiles([
      { path: file('damaged.enlarger', '{"format": "enlarger-document"') },
      { path: join(folder, 'gone.enlarger') },
    ])) as unknown[];
    expect(damaged).toMatchObject({ fault: { code: 'bad-document', file: 'damaged.enlarger' } });
    expect(gone).toMatchObject({ fault: { code: 'not-found' } });
    mkdirSync(join(folder, 'taken.enlarger'));
    saveTo(join(folder, 'taken.enlarger'));
    expect(
      await port.call(1, 'document:save', { snapshot: snapshotOf(), file: null, suggestedName: '' }),
    ).toMatchObject({ fault: { code: 'output-unwritable', file: 'taken.enlarger' } });
    expect((await readdir(folder)).filter((name) => name.endsWith('.new'))).toEqual([]);
    double.electron.dialog.showSaveDialog.mockResolvedValue({ canceled: true, filePath: '' });
    expect(
      await port.call(2, 'document:save', { snapshot: snapshotOf(), file: null, suggestedName: '' }),
    ).toMatchObject({ fault: { code: 'stopped' } });
  });

  it('and photos opened lately come back by ids, across a start, the latest first', async () => {
    await start();
    let port = connect();
    const photo = tokenOf(await openFiles([{ path: file('shots/a.jpg', 'a') }]));
    saveTo(join(folder, 'mine.enlarger'));
    await port.call(1, 'document:save', { snapshot: snapshotOf(photo), file: null, suggestedName: '' });
    await startAgain();
    port = connect();
    const listed = (await port.call(1, 'recent:list', {})) as { value: { id: string; kind: string }[] };
    expect(listed.value).toMatchObject([
      { kind: 'document', name: 'mine.enlarger' },
      { kind: 'photo', name: 'a.jpg', folder: 'shots' },
    ]);
    expect(JSON.stringify(listed)).not.toContain(folder);
    const open = (id: number, at: number): Promise<unknown> =>
      port.call(id, 'recent:open', { id: listed.value[at]!.id });
    expect(await open(2, 1)).toMatchObject({ value: { kind: 'photo', photo: { name: 'a.jpg' } } });
    expect(await open(3, 0)).toMatchObject({
      value: { kind: 'document', document: { name: 'mine.enlarger' } },
    });
    rmSync(join(folder, 'mine.enlarger'));
    expect(await open(4, 0)).toMatchObject({ fault: { code: 'not-found' } });
    expect(await port.call(5, 'recent:list', {})).toMatchObject({ value: [{ name: 'a.jpg' }] });
    await port.call(6, 'recent:clear', {});
    expect(await port.call(7, 'recent:list', {})).toEqual({ ok: true, value: [] });
    // What the system asks for reaches the page as a document too.
    double.electron.app.emit('open-file', { preventDefault: vi.fn() }, file('told.enlarger', 'no document'));
    expect(
      await port.until(({ event }) => (event as { event?: string } | undefined)?.event === 'door:failed'),
    ).toMatchObject({ event: { fault: { code: 'bad-document' } } });
  });
});
