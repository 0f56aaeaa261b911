import { describe, expect, test } from 'vitest';
import { STAND_IN } from '../../src/renderer/view/standIn';
import { TileFeed } from '../../src/renderer/view/tileFeed';
import type { LayerSettings } from '../../src/renderer/view/tileCache';
import { FakeDoor, photoInfo, Refusal } from './fakeDoor';

const fault = { code: 'bad-scale', message: 'Expected a scale from 1 to 30, received 31.' } as const;

describe('calls', () => {
  test('an answer settles its own call, in whatever order they come', async () => {
    const door = new FakeDoor({ 'photo:sample': () => photoInfo({ name: 'sample' }) });
    const [methods, photo] = await Promise.all([
      door.client.call('methods:list', {}),
      door.client.call('photo:sample', {}),
    ]);
    expect(photo.name).toBe('sample');
    expect(methods.map((card) => card.id)).toEqual(['bicubic', 'fsrcnn']);
  });

  test('a fault rejects with its code and sentence', async () => {
    const door = new FakeDoor({
      'photo:sample': () => {
        throw new Refusal(fault);
      },
    });
    await expect(door.client.call('photo:sample', {})).rejects.toMatchObject({ fault });
  });

  test('an answer that is not of the contract is refused, and says which field', async () => {
    const door = new FakeDoor({ 'photo:sample': () => ({ ...photoInfo(), width: -1 }) });
    await expect(door.client.call('photo:sample', {})).rejects.toThrow(/answer of photo:sample.*width/);
  });

  test('a message that is not of the contract is told, not thrown', () => {
    const door = new FakeDoor();
    const broken: string[] = [];
    door.client.onBroken((one) => broken.push(one.code));
    door.say({ event: { event: 'view:tile', view: 'lens' } });
    expect(broken).toEqual(['bad-message']);
  });

  test('a lost connection fails what waits and what is asked, until it is back', async () => {
    const door = new FakeDoor({ 'photo:sample': () => photoInfo() });
    const waiting = new FakeDoor();
    const never = waiting.client.ask('door:choose', {});
    waiting.state('lost');
    await expect(never).rejects.toMatchObject({ fault: { code: 'engine-lost' } });
    door.state('lost');
    await expect(door.client.call('photo:sample', {})).rejects.toMatchObject({
      fault: { code: 'engine-lost' },
    });
    door.state('open');
    await expect(door.client.call('photo:sample', {})).resolves.toMatchObject({ photo: 'photo-1' });
  });

  test('a refused file names itself', async () => {
    const refusal = {
      code: 'unreadable-image',
      message: 'Expected a photo in a.jpg.',
      file: 'a.jpg',
    } as const;
    const door = new FakeDoor({ openFile: () => ({ ok: false, fault: refusal }) });
    await expect(door.client.openFile(new File(['x'], 'a.jpg'))).rejects.toMatchObject({ fault: refusal });
  });
});

interface Want {
  revision: number;
  method: string;
  tiles: { x: number }[];
}

describe('a feed of tiles', () => {
  const layer: LayerSettings = { ...STAND_IN, photo: 'photo-1', method: 'fsrcnn', scale: 2 };
  const rect = (x: number) => ({ x, y: 0, width: 2, height: 1 });
  const start = () => {
    const door = new FakeDoor();
    const taken: string[] = [];
    const failed: string[] = [];
    const feed = new TileFeed(door.client, 'lens', () => 'srgb', {
      tile: (from, { tile }) => taken.push(`${from.method} ${from.scale} ${tile.x}`),
      failed: (from, one) => failed.push(`${from.method} ${one.code}`),
    });
    const tile = (revision: number, x: number, view = 'lens'): void =>
      door.say({
        event: { event: 'view:tile', view, revision, tile: rect(x), pixels: new Uint8Array(8) },
      });
    const wants = () => door.paramsOf<Want>('view:want');
    const credit = () =>
      door.paramsOf<{ tiles: number }>('view:grant').reduce((sum, one) => sum + one.tiles, 0);
    return { door, feed, taken, failed, tile, wants, credit };
  };

  test('asks with a rising revision and gives credit once, then one for each tile', () => {
    const { feed, tile, wants, credit, taken } = start();
    feed.want(layer, [rect(0), rect(256)]);
    const first = credit();
    expect(first).toBeGreaterThan(0);
    tile(wants()[0]!.revision, 0);
    expect(credit()).toBe(first + 1);
    expect(taken).toEqual(['fsrcnn 2 0']);
    feed.want({ ...layer, scale: 3 }, [rect(0)]);
    expect(wants()[1]!.revision).toBeGreaterThan(wants()[0]!.revision);
    expect(credit()).toBe(first + 1);
  });

  test('does not ask again for what is on its way', () => {
    const { feed, tile, wants } = start();
    feed.want(layer, [rect(0), rect(256)]);
    feed.want(layer, [rect(0), rect(256)]);
    tile(wants()[0]!.revision, 0);
    feed.want(layer, [rect(256)]);
    expect(wants()).toHaveLength(1);
    feed.want(layer, []);
    expect(wants()).toHaveLength(2);
  });

  test('asks again when something else has become the most urgent', () => {
    const { feed, wants } = start();
    feed.want(layer, [rect(0), rect(256)]);
    feed.want(layer, [rect(256), rect(0)]);
    expect(wants().map((want) => want.tiles[0]!.x)).toEqual([0, 256]);
  });

  test('late tiles of other settings are dropped but paid for; those of an earlier pan are taken', () => {
    const { feed, tile, wants, taken, credit } = start();
    feed.want(layer, [rect(0)]);
    feed.want({ ...layer, method: 'srcnn' }, [rect(0)]);
    feed.want({ ...layer, method: 'srcnn' }, [rect(256)]);
    const [old, mine] = wants().map((want) => want.revision);
    const before = credit();
    tile(old!, 0);
    expect(taken).toEqual([]);
    tile(mine!, 0);
    expect(taken).toEqual(['srcnn 2 0']);
    expect(credit()).toBe(before + 2);
    tile(mine!, 0, 'another view');
    expect(credit()).toBe(before + 2);
  });

  test('a failure is told with the layer that it is about; an old one is not', () => {
    const { door, feed, wants, failed } = start();
    feed.want(layer, [rect(0)]);
    feed.want({ ...layer, method: 'srcnn' }, [rect(0)]);
    const [old, mine] = wants().map((want) => want.revision);
    const say = (revision: number | undefined): void =>
      door.say({ event: { event: 'view:failed', view: 'lens', revision, fault } });
    say(old);
    say(mine);
    expect(failed).toEqual(['srcnn bad-scale']);
  });

  test('after the engine was started again the same tiles are asked for once more, with new credit', () => {
    const { feed, wants, credit } = start();
    feed.want(layer, [rect(0)]);
    const first = credit();
    feed.forget();
    feed.want(layer, [rect(0)]);
    expect(wants()).toHaveLength(2);
    expect(credit()).toBe(2 * first);
  });
});
