import { beforeEach, describe, expect, it } from 'vitest';
import type { PageMessage } from '../../../src/shared/contract';
import type { Fault } from '../../../src/shared/faults';
import { Ordering } from '../../../src/shared/link/ordering';
import { PageDoor } from '../../../src/shared/link/pageDoor';
import { PhotoBook, type FileState } from '../../../src/shared/link/photoBook';

const LOST: Fault = { code: 'engine-lost', message: 'The engine stopped.' };
const refuse = (): never => {
  throw new Error('not asked here');
};

let told: PageMessage[];
let calls: { call: string; params: Record<string, unknown> }[];
let files: Map<string, FileState>;
let milliseconds: number;
/** What the engine does when it is to open a photo of this path. */
let onOpen: (path: string) => void;
let photos: PhotoBook;
let removed: string[];
/** What the door answers to a batch. */
let ordering: Promise<[]>;
let door: PageDoor;

beforeEach(() => {
  told = [];
  calls = [];
  milliseconds = 0;
  removed = [];
  ordering = Promise.resolve([]);
  onOpen = () => undefined;
  photos = new PhotoBook();
  files = new Map(['/a', '/b', '/c'].map((path) => [path, { bytes: 5, modifiedMs: 7 }]));
  const answer = (call: string, params: Record<string, unknown>): Promise<never> => {
    calls.push({ call, params });
    if (call === 'photo:open') onOpen(params['path'] as string);
    const value = { photo: params['photo'], name: String(params['path']).slice(1) };
    return Promise.resolve({ ok: true, value } as never);
  };
  door = new PageDoor({
    client: 'page',
    link: {
      call: (_client, call, params) => answer(call, params),
      forward: (_client, call, params) => answer(call, params as Record<string, unknown>),
    },
    send: (message) => {
      told.push(message);
      return Promise.resolve();
    },
    answers: {
      'door:describe': refuse,
      'door:choose': refuse,
      'door:export': refuse,
      'door:exportAll': () => ordering,
      'door:sheet': refuse,
      'door:evaluate': refuse,
      'door:resume': refuse,
      'door:collect': refuse,
      'door:fetched': refuse,
      'door:finished': refuse,
      'door:reveal': refuse,
      'door:showModels': refuse,
      'model:choose': refuse,
      'model:import': refuse,
      'model:forget': refuse,
      'model:export': refuse,
      'document:open': refuse,
      'document:save': refuse,
      'recent:list': refuse,
      'recent:open': refuse,
      'recent:clear': refuse,
    },
    photos,
    session: { read: () => null, write: () => undefined },
    ordering: new Ordering(),
    stateOf: (path) => {
      const state = files.get(path);
      return state ? Promise.resolve(state) : Promise.reject(new Error('ENOENT'));
    },
    now: () => milliseconds,
    removeFile: (path) => {
      removed.push(path);
      return Promise.resolve();
    },
  });
});

let nextId = 1000;
/** What the page asks, and the answer. */
async function asked(call: string, params: object): Promise<unknown> {
  const id = nextId++;
  door.receive({ id, call, params });
  await new Promise((resolve) => setImmediate(resolve));
  return told.flatMap((message) => ('id' in message && message.id === id ? [message.result] : []))[0];
}

const open = async (path: string): Promise<string> => {
  const result = await door.openPhoto({ path });
  return result.ok ? result.value.photo : '';
};
const events = (): unknown[] => told.flatMap((message) => ('event' in message ? [message.event] : []));
const opened = (): unknown[] =>
  calls.filter(({ call }) => call === 'photo:open').map(({ params }) => params['path']);

describe('while a page’s files are being ordered', () => {
  it('whoever asks waits until all have begun; a page that goes leaves the engine its photos until then', async () => {
    let end: (lines: []) => void = () => undefined;
    ordering = new Promise((resolve) => (end = resolve));
    const enlargement = { photo: 'photo-a', method: { id: 'bicubic' }, scale: 2, options: {} };
    const order = { enlargement, encoding: { format: 'png' } };
    const files = [{ order, suggestedName: 'a.png' }];
    expect(await asked('door:exportAll', { files, batch: 'batch-1' })).toBeUndefined();
    expect(await asked('door:ordered', {})).toBeUndefined();
    const closed = door.close();
    await new Promise((resolve) => setImmediate(resolve));
    expect(calls.map(({ call }) => call)).not.toContain('client:close');
    end([]);
    await closed;
    expect(calls.map(({ call }) => call)).toContain('client:close');
  });

  it('nothing is waited for where nothing is ordered', async () => {
    expect(await asked('door:ordered', {})).toEqual({ ok: true, value: null });
  });
});

describe('after the engine died', () => {
  it('opens what is open under the same tokens, and names what is not what it was', async () => {
    const [a, b, c] = [await open('/a'), await open('/b'), await open('/c')];
    files.delete('/b');
    files.set('/c', { bytes: 5, modifiedMs: 8 });
    calls.length = 0;
    door.engineLost(LOST);
    await door.engineRestored();
    expect(calls).toEqual([
      { call: 'photo:open', params: { photo: a, path: '/a', name: 'a', temporary: false } },
    ]);
    expect(events()).toMatchObject([
      { event: 'engine:lost', fault: LOST },
      {
        event: 'engine:restored',
        failed: [
          { photo: b, fault: { code: 'photo-moved', file: 'b' } },
          { photo: c, fault: { code: 'photo-changed', file: 'c' } },
        ],
      },
    ]);
  });

  it('an engine that dies while it is given them leaves the rest to the next one', async () => {
    await open('/a');
    await open('/b');
    calls.length = 0;
    onOpen = (path) => {
      if (path !== '/a') return;
      onOpen = () => undefined;
      door.engineLost(LOST);
    };
    door.engineLost(LOST);
    await door.engineRestored();
    expect(opened()).toEqual(['/a']);
    await door.engineRestored();
    expect(opened()).toEqual(['/a', '/a', '/b']);
    expect(events().filter((event) => (event as { event: string }).event === 'engine:restored')).toHaveLength(
      1,
    );
  });

  it('three deaths within a minute end it: photos are not opened again unasked, until a minute later', async () => {
    const photo = await open('/a');
    calls.length = 0;
    for (let death = 0; death < 3; death++) {
      milliseconds += 10_000;
      door.engineLost(LOST);
    }
    await door.engineRestored();
    expect(opened()).toEqual([]);
    expect(events().at(-1)).toMatchObject({ failed: [{ photo, fault: { code: 'engine-lost' } }] });
    milliseconds += 60_000;
    door.engineLost(LOST);
    await door.engineRestored();
    expect(opened()).toEqual(['/a']);
  });

  it('what the page closed meanwhile does not stay open', async () => {
    const photo = await open('/a');
    onOpen = () => void photos.close(photo);
    door.engineLost(LOST);
    await door.engineRestored();
    expect(calls.at(-1)).toEqual({ call: 'photo:close', params: { photo } });
  });

  it('nothing is opened for a page that went', async () => {
    await open('/a');
    await door.close();
    calls.length = 0;
    await door.engineRestored();
    expect(opened()).toEqual([]);
  });
});

describe('another page of a file', () => {
  const tokenIn = (result: unknown): string => (result as { value: { photo: string } }).value.photo;

  it('is a photo of its own, which comes back as that page; one that is open is answered again', async () => {
    const first = await open('/a');
    const second = tokenIn(await asked('photo:page', { photo: first, page: 2 }));
    expect(second).not.toBe(first);
    const order = { photo: second, path: '/a', name: 'a', temporary: false, page: 2 };
    expect(calls.at(-1)).toEqual({ call: 'photo:open', params: order });
    expect(tokenIn(await asked('photo:page', { photo: first, page: 2 }))).toBe(second);
    expect(tokenIn(await asked('photo:page', { photo: second, page: 1 }))).toBe(first);
    expect(photos.all).toHaveLength(2);
    await asked('photo:reopen', { photo: second });
    expect(calls.at(-1)).toEqual({ call: 'photo:open', params: order });
  });

  it('asked for twice before it is there is one photo', async () => {
    const first = await open('/a');
    const both = await Promise.all([1, 2].map(() => asked('photo:page', { photo: first, page: 2 })));
    expect(new Set(both.map(tokenIn)).size).toBe(1);
    expect(photos.all).toHaveLength(2);
  });

  it('of a file that was changed, of the chart, or of a photo of nobody is refused', async () => {
    const first = await open('/a');
    files.set('/a', { bytes: 5, modifiedMs: 8 });
    const page2 = (photo: string): Promise<unknown> => asked('photo:page', { photo, page: 2 });
    expect(await page2(first)).toMatchObject({ fault: { code: 'photo-changed' } });
    expect(await page2('photo-x')).toMatchObject({ fault: { code: 'unknown-photo' } });
    expect(await page2(tokenIn(await asked('photo:sample', {})))).toMatchObject({
      fault: { code: 'bad-option' },
    });
    expect(await asked('photo:page', { photo: first, page: 0 })).toMatchObject({
      fault: { code: 'bad-message' },
    });
  });

  it('shares the file that the door wrote: it goes with the last of them', async () => {
    const result = await door.openPhoto({ path: '/a', temporary: true });
    const first = result.ok ? result.value.photo : '';
    const second = tokenIn(await asked('photo:page', { photo: first, page: 2 }));
    await asked('photo:close', { photo: second });
    const fillers = Array.from({ length: 63 }, (_, i) => `/f${i}`);
    for (const path of fillers) {
      files.set(path, { bytes: 5, modifiedMs: 7 });
      await asked('photo:close', { photo: await open(path) });
    }
    await asked('photo:close', { photo: await open('/b') }); // the 65th: the second page is forgotten
    expect(photos.find(second)).toBeUndefined();
    expect(removed).toEqual([]);
    await asked('photo:close', { photo: first });
    for (const path of fillers) await asked('photo:close', { photo: await open(path) });
    await asked('photo:close', { photo: await open('/b') });
    expect(removed).toEqual(['/a']);
  });
});
