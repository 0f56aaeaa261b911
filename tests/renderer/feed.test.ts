import { describe, expect, test } from 'vitest';
import { askedTile, Feed, feedOf, type AskedTile } from '../../src/renderer/scene/feed';
import { LAYERS_MAX, layerKey, TILES_MAX, type Layer, type Params } from '../../src/shared/contract';
import { FakeDoor, Refusal } from './fakeDoor';
import { layer, ordered } from './sceneParts';

const fault = { code: 'bad-scale', message: 'Expected a scale from 1 to 30, received 31.' } as const;
const rect = (x: number) => ({ x, y: 0, width: 2, height: 1 });
const fsrcnn = layer('fsrcnn', 2);
const srcnn = layer('srcnn', 2);
const asked = (of: Layer, ...places: number[]): AskedTile[] => places.map((x) => ordered(of, rect(x)));

function start(door = new FakeDoor()) {
  const feed = new Feed(door.client);
  const told: string[] = [];
  const part = (name: string) =>
    feed.source({
      tile: (from, { tile }) => told.push(`${name} ${from.enlargement.method.id} ${tile.x}`),
      failed: (from, one) => told.push(`${name} ${from.enlargement.method.id} ${one.code}`),
      restarted: () => told.push(`${name} restarted`),
    });
  const wants = () => door.paramsOf<Params<'view:want'>>('view:want');
  /** What was wanted last, in its order. */
  const order = (): string[] => {
    const { layers, tiles } = wants().at(-1)!;
    return tiles.map((tile) => `${layers[tile.layer]!.enlargement.method.id} ${tile.x}`);
  };
  const credit = () =>
    door.paramsOf<{ tiles: number }>('view:grant').reduce((sum, one) => sum + one.tiles, 0);
  const tile = (of: Layer, x: number): void => {
    const pixels = new Uint8Array(8);
    door.say({ event: { event: 'view:tile', revision: 1, layer: layerKey(of), tile: rect(x), pixels } });
  };
  const fail = (of: Layer): void =>
    door.say({ event: { event: 'view:failed', revision: 1, layer: layerKey(of), fault } });
  return { door, feed, part, told, wants, order, credit, tile, fail };
}

describe('what is asked for', () => {
  test('all layers in one order, each named once, with a rising revision', () => {
    const { part, wants, order } = start();
    const source = part('a');
    source.want([...asked(srcnn, 0), ...asked(fsrcnn, 0), ...asked(srcnn, 2)]);
    expect(order()).toEqual(['srcnn 0', 'fsrcnn 0', 'srcnn 2']);
    expect(wants()[0]!.layers).toEqual([srcnn, fsrcnn]);
    source.want(asked(srcnn, 2));
    expect(wants()[1]!.revision).toBeGreaterThan(wants()[0]!.revision);
  });

  test('what is visible in any part goes before what is prefetched in another', () => {
    const { part, order } = start();
    const [first, second] = [part('a'), part('b')];
    first.want([ordered(fsrcnn, rect(0)), ordered(fsrcnn, rect(2), 'prefetched')]);
    second.want(asked(srcnn, 0));
    expect(order()).toEqual(['fsrcnn 0', 'srcnn 0', 'fsrcnn 2']);
    first.close();
    expect(order()).toEqual(['srcnn 0']);
  });

  test('not again what is on its way', () => {
    const { part, wants, tile } = start();
    const source = part('a');
    source.want(asked(fsrcnn, 0, 2));
    source.want(asked(fsrcnn, 0, 2));
    tile(fsrcnn, 0);
    source.want(asked(fsrcnn, 2));
    expect(wants()).toHaveLength(1);
    source.want([]);
    expect(wants()).toHaveLength(2);
  });

  test('again when something else has become the most urgent', () => {
    const { part, order, wants } = start();
    const source = part('a');
    source.want(asked(fsrcnn, 0, 2));
    source.want(asked(fsrcnn, 2, 0));
    expect(order()).toEqual(['fsrcnn 2', 'fsrcnn 0']);
    expect(wants()).toHaveLength(2);
  });

  test('no more layers and tiles than a message may hold, the most urgent ones', () => {
    const { part, wants } = start();
    const many = Array.from({ length: LAYERS_MAX + 9 }, (_, index) => layer('fsrcnn', 1 + index / 100));
    const source = part('a');
    source.want(many.flatMap((of) => asked(of, 0, 2)));
    expect(wants()[0]!.layers).toEqual(many.slice(0, LAYERS_MAX));
    source.want(asked(fsrcnn, ...Array.from({ length: TILES_MAX + 9 }, (_, index) => 2 * index)));
    expect(wants()[1]!.tiles).toHaveLength(TILES_MAX);
    expect(wants()[1]!.tiles[0]!.x).toBe(0);
  });

  test('another display space asks for all anew', () => {
    const { feed, part, wants } = start();
    part('a').want(asked(fsrcnn, 0));
    feed.display = 'display-p3';
    feed.display = 'display-p3';
    expect(wants().map(({ display }) => display)).toEqual(['srgb', 'display-p3']);
  });
});

describe('what comes', () => {
  test('goes to the parts that want its layer; of another layer it is dropped but paid for', () => {
    const { part, tile, told, credit } = start();
    const [first, second] = [part('a'), part('b')];
    first.want(asked(fsrcnn, 0));
    second.want(asked(srcnn, 0));
    const before = credit();
    tile(fsrcnn, 0);
    first.want(asked(srcnn, 0));
    tile(fsrcnn, 2);
    tile(srcnn, 0);
    expect(told).toEqual(['a fsrcnn 0', 'a srcnn 0', 'b srcnn 0']);
    expect(credit()).toBe(before + 3);
  });

  test('its pixels are the own ones of each part: one may give them away', () => {
    const { feed, tile } = start();
    const taken: Uint8Array[] = [];
    const part = () =>
      feed.source({
        tile: (_of, { pixels }) => taken.push(pixels),
        failed: () => undefined,
        restarted: () => undefined,
      });
    for (const source of [part(), part()]) source.want(asked(fsrcnn, 0));
    tile(fsrcnn, 0);
    expect(taken).toHaveLength(2);
    expect(taken[0]!.buffer).not.toBe(taken[1]!.buffer);
    expect(taken[0]).toEqual(taken[1]);
  });

  test('of an earlier place of the hand is good while its layer is wanted', () => {
    const { part, tile, told } = start();
    const source = part('a');
    source.want(asked(fsrcnn, 0));
    source.want(asked(fsrcnn, 2));
    tile(fsrcnn, 0);
    expect(told).toEqual(['a fsrcnn 0']);
  });

  test('credit is given once, then one for each tile', () => {
    const { part, tile, credit } = start();
    part('a').want(asked(fsrcnn, 0, 2));
    const first = credit();
    expect(first).toBeGreaterThan(0);
    tile(fsrcnn, 0);
    expect(credit()).toBe(first + 1);
  });
});

describe('a layer that cannot be made', () => {
  test('is told to the parts that want it, and not asked for again by what another part does', () => {
    const { part, fail, told, order } = start();
    const [first, second] = [part('a'), part('b')];
    first.want([...asked(fsrcnn, 0, 2), ...asked(srcnn, 0)]);
    fail(fsrcnn);
    fail(layer('edsr', 2));
    expect(told).toEqual(['a fsrcnn bad-scale']);
    second.want(asked(srcnn, 2));
    expect(order()).toEqual(['srcnn 0', 'srcnn 2']);
  });

  test('a want that is refused as a whole fails each of its layers, once', async () => {
    const refuse = new FakeDoor({
      'view:want': () => {
        throw new Refusal(fault);
      },
    });
    const { part, told, wants } = start(refuse);
    part('a').want([...asked(fsrcnn, 0), ...asked(srcnn, 0)]);
    await expect.poll(() => told).toEqual(['a fsrcnn bad-scale', 'a srcnn bad-scale']);
    expect(wants()).toHaveLength(1);
  });
});

describe('an engine that was started again', () => {
  test('is asked for everything that has not come, with new credit: nothing is coming from the dead one', () => {
    const { door, part, tile, told, order, wants, credit } = start();
    part('a').want(asked(fsrcnn, 0, 2));
    part('b').want(asked(srcnn, 0));
    tile(fsrcnn, 0);
    const before = credit();
    door.say({ event: { event: 'engine:restored', failed: [] } });
    expect(told.slice(1)).toEqual(['a restarted', 'b restarted']);
    expect(order()).toEqual(['fsrcnn 2', 'srcnn 0']);
    expect(credit()).toBeGreaterThan(before + 1);
    expect(wants().at(-1)!.revision).toBeGreaterThan(wants()[0]!.revision);
  });

  test('a connection that was gone asks for nothing until its photos are back, then for all that is wanted', () => {
    const { door, feed, part, wants } = start();
    const a = part('a');
    a.want(asked(fsrcnn, 0));
    door.state('open');
    expect(wants()).toHaveLength(1);
    door.state('lost');
    door.state('open');
    a.want(asked(fsrcnn, 0, 1));
    expect(wants()).toHaveLength(1);
    feed.restart();
    expect(wants()).toHaveLength(2);
  });
});

test('a page has one feed', () => {
  const { client } = new FakeDoor();
  expect(feedOf(client)).toBe(feedOf(client));
  expect(feedOf(new FakeDoor().client)).not.toBe(feedOf(client));
  expect(askedTile(fsrcnn, rect(0))).toMatchObject({ key: layerKey(fsrcnn), tier: 'visible' });
});
