import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { connect, double, engine, folder, openFiles, start, startAgain } from './desktopUnderTest';

describe('the session', () => {
  const picture = (name: string, bytes: number): string => {
    const path = join(folder, name);
    writeFileSync(path, Buffer.alloc(bytes));
    return path;
  };
  const tokens = (results: unknown): string[] =>
    (results as { value: { photo: string } }[]).map(({ value }) => value.photo);

  it('comes back after a start of the app: snapshot, photos under their tokens, pasted pictures too', async () => {
    await start();
    const [mine, pasted] = tokens(
      await (connect(),
      openFiles([{ path: picture('a.jpg', 5) }, { bytes: new Uint8Array([1, 2, 3]), name: 'pasted.png' }])),
    );
    const snapshot = { version: 3, photos: [mine, pasted] };
    const before = connect();
    expect(await before.call(1, 'session:read', {})).toEqual({ ok: true, value: { snapshot: null } });
    expect(await before.call(2, 'session:write', { snapshot })).toEqual({ ok: true, value: null });
    writeFileSync(join(folder, 'pictures', 'left-behind'), '');
    await startAgain();
    await expect.poll(() => readdir(join(folder, 'pictures'))).toHaveLength(1);
    const port = connect();
    expect(await port.call(1, 'session:read', {})).toEqual({ ok: true, value: { snapshot } });
    for (const [at, photo] of [mine, pasted].entries()) {
      expect(await port.call(at + 2, 'photo:reopen', { photo })).toMatchObject({
        ok: true,
        value: { photo },
      });
    }
    const opened = engine().sent.filter(({ call }) => call === 'photo:open');
    expect(opened.map(({ params }) => params['name'])).toEqual(['a.jpg', 'pasted.png']);
    expect([...readFileSync(String(opened[1]!.params['path']))]).toEqual([1, 2, 3]);
  });

  it('names files that were moved or changed meanwhile, and tokens that are nobody’s', async () => {
    await start();
    connect();
    const [moved, changed] = tokens(
      await openFiles([{ path: picture('moved.jpg', 5) }, { path: picture('changed.jpg', 5) }]),
    );
    rmSync(join(folder, 'moved.jpg'));
    picture('changed.jpg', 6);
    await startAgain();
    const port = connect();
    const reopen = (id: number, photo: string): Promise<unknown> => port.call(id, 'photo:reopen', { photo });
    expect(await reopen(1, moved!)).toMatchObject({ fault: { code: 'photo-moved', file: 'moved.jpg' } });
    expect(await reopen(2, changed!)).toMatchObject({
      fault: { code: 'photo-changed', file: 'changed.jpg' },
    });
    expect(await reopen(3, 'photo-guess')).toMatchObject({ fault: { code: 'unknown-photo' } });
    expect(engine().sent.filter(({ call }) => call === 'photo:open')).toEqual([]);
    picture('moved.jpg', 7);
    expect(await reopen(4, moved!)).toMatchObject({ fault: { code: 'photo-changed' } });
  });

  it.each([
    ['damaged', '{"version": 1, "snapshot": {'],
    ['of another version', '{"version": 2, "snapshot": {}, "photos": []}'],
    ['with a photo that is none', '{"version": 1, "snapshot": {}, "photos": [{"photo": "../etc"}]}'],
  ])('whose file is %s is none, and is written anew', async (_, text) => {
    writeFileSync(join(folder, 'session.json'), text);
    await start();
    const port = connect();
    expect(await port.call(1, 'session:read', {})).toEqual({ ok: true, value: { snapshot: null } });
    await port.call(2, 'session:write', { snapshot: { a: 1 } });
    expect(JSON.parse(readFileSync(join(folder, 'session.json'), 'utf8'))).toEqual({
      version: 1,
      snapshot: { a: 1 },
      photos: [],
    });
  });

  it('that cannot be written says so, and is kept as long as the app runs', async () => {
    mkdirSync(join(folder, 'session.json', 'in the way'), { recursive: true });
    await start();
    const port = connect();
    expect(await port.call(1, 'session:write', { snapshot: { a: 1 } })).toMatchObject({
      fault: { code: 'output-unwritable', file: join(folder, 'session.json') },
    });
    expect(await port.call(2, 'session:read', {})).toMatchObject({ value: { snapshot: { a: 1 } } });
  });

  it('refuses a snapshot that is too large, and keeps the one before', async () => {
    await start();
    const port = connect();
    await port.call(1, 'session:write', { snapshot: 'small' });
    expect(await port.call(2, 'session:write', { snapshot: 'x'.repeat(1_000_001) })).toMatchObject({
      fault: { code: 'bad-message', message: expect.stringContaining('1000000 characters') as string },
    });
    expect(await port.call(3, 'session:read', {})).toMatchObject({ value: { snapshot: 'small' } });
  });

  it('has its photos again after the engine died, from wherever they came', async () => {
    picture('dock.png', 1);
    await start();
    const port = connect();
    const [dropped] = tokens(await openFiles([{ path: picture('dropped.jpg', 5) }]));
    double.electron.dialog.showOpenDialog.mockResolvedValueOnce({
      canceled: false,
      filePaths: [picture('chosen.jpg', 5)],
    });
    const chosen = (await port.call(1, 'door:choose', {})) as { value: { photo: string }[] };
    /** The token of a photo that the page did not ask for. */
    const told = async (name: string): Promise<string> => {
      type Opened = { event: string; photo?: { photo: string; name: string } };
      const { event } = await port.until(
        (message) => 'event' in message && (message.event as Opened).photo?.name === name,
      );
      return (event as Opened).photo!.photo;
    };
    double.electron.app.emit('open-file', { preventDefault: vi.fn() }, join(folder, 'dock.png'));
    const docked = await told('dock.png');
    picture('second.png', 1);
    double.electron.app.emit('second-instance', {}, ['enlarger', 'second.png'], folder);
    const second = await told('second.png');
    const gone = tokens(await openFiles([{ path: picture('gone.jpg', 5) }]))[0]!;
    rmSync(join(folder, 'gone.jpg'));
    double.engines[0]!.emit('exit', 134);
    expect(port.received.at(-1)).toMatchObject({ event: { event: 'engine:lost' } });
    const restored = await port.until(
      ({ event }) => (event as { event: string } | undefined)?.event === 'engine:restored',
    );
    expect(restored.event).toMatchObject({ failed: [{ photo: gone, fault: { code: 'photo-moved' } }] });
    const again = double.engines[1]!.sent.filter(({ call }) => call === 'photo:open');
    expect(again.map(({ params }) => params['photo'])).toEqual([
      dropped,
      chosen.value[0]!.photo,
      docked,
      second,
    ]);
  });
});
