import { beforeEach, describe, expect, it } from 'vitest';
import type { PageMessage } from '../../../src/shared/contract';
import type { Fault } from '../../../src/shared/faults';
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
let door: PageDoor;

beforeEach(() => {
  told = [];
  calls = [];
  milliseconds = 0;
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
      'door:exportAll': refuse,
      'door:sheet': refuse,
      'door:evaluate': refuse,
      'door:resume': refuse,
      'door:collect': refuse,
      'door:reveal': refuse,
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
    stateOf: (path) => {
      const state = files.get(path);
      return state ? Promise.resolve(state) : Promise.reject(new Error('ENOENT'));
    },
    now: () => milliseconds,
    removeFile: () => Promise.resolve(),
  });
});

const open = async (path: string): Promise<string> => {
  const result = await door.openPhoto({ path });
  return result.ok ? result.value.photo : '';
};
const events = (): unknown[] => told.flatMap((message) => ('event' in message ? [message.event] : []));
const opened = (): unknown[] =>
  calls.filter(({ call }) => call === 'photo:open').map(({ params }) => params['path']);

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
