import { describe, expect, test } from 'vitest';
import { TileStore } from '../../src/renderer/scene/tileStore';
import { layerKey } from '../../src/shared/contract';
import { arrived, layer, ordered, square } from './sceneParts';

/** Bytes of one tile of 512 x 512 pixels. */
const TILE = 512 * 512 * 4;
const a = layer('fsrcnn', 2);
const b = layer('bicubic', 2);
const fault = { code: 'internal', message: 'Expected pixels, received none.' } as const;

const make = (tiles: number) => {
  const released: string[] = [];
  return { store: new TileStore<string>(tiles * TILE, (picture) => released.push(picture)), released };
};
const put = (store: TileStore<string>, of: typeof a, x: number, name: string): void =>
  store.put(of, arrived(square(x), name, TILE));
const names = (store: TileStore<string>): string[] =>
  [...store.layers()].flatMap(({ tiles }) => [...tiles].map(({ picture }) => picture)).sort();

describe('the states of a tile', () => {
  test('wanted, coming, here', () => {
    const { store } = make(10);
    const one = ordered(a, square(0));
    expect(store.stateOf(one.key, one.tile)).toBeNull();
    store.want([one]);
    expect(store.stateOf(one.key, one.tile)).toBe('wanted');
    store.asked(store.missing());
    expect(store.stateOf(one.key, one.tile)).toBe('coming');
    expect(store.missing()).toEqual([one]);
    put(store, a, 0, 'a');
    expect(store.stateOf(one.key, one.tile)).toBe('here');
    expect(store.missing()).toEqual([]);
  });

  test('a layer that failed is not asked for until it is tried again; the others are', () => {
    const { store } = make(10);
    const both = [ordered(a, square(0)), ordered(b, square(0))];
    store.want(both);
    store.fail(a, fault);
    store.want([...both, ordered(a, square(512))]);
    expect(store.missing()).toEqual([both[1]]);
    expect(store.stateOf(layerKey(a), square(512))).toBe('failed');
    expect(store.faultOf(a)).toBe(fault);
    store.retry();
    expect(store.missing()).toHaveLength(3);
    expect(store.faultOf(a)).toBeNull();
  });

  test('a photo that could not be read stays so at another scale, which is asked for, until its pixels come', () => {
    const { store } = make(10);
    const [nearer, other] = [layer('fsrcnn', 4), layer('fsrcnn', 2, 'another photo')];
    const all = [ordered(a, square(0)), ordered(nearer, square(0)), ordered(other, square(0))];
    store.want(all);
    store.fail(a, fault);
    expect(store.faultOf(nearer)).toBeNull();
    const unreadable = { code: 'unreadable-image', message: 'Expected a whole picture.' } as const;
    store.fail(a, unreadable);
    expect(store.faultOf(nearer)).toBe(unreadable);
    expect(store.faultOf(other)).toBeNull();
    expect(store.missing()).toEqual(all.slice(1));
    // Nor once the layer that said so is wanted no more.
    store.want([ordered(nearer, square(0))]);
    expect(store.faultOf(nearer)).toBe(unreadable);
    put(store, nearer, 0, 'n');
    expect(store.faultOf(nearer)).toBeNull();
    store.forget(({ enlargement }) => enlargement.photo === a.enlargement.photo);
    expect(store.faultOf(a)).toBeNull();
  });

  test('pixels of a layer that failed stay', () => {
    const { store } = make(10);
    store.want([ordered(a, square(0)), ordered(a, square(512))]);
    put(store, a, 0, 'a');
    store.fail(a, fault);
    expect(names(store)).toEqual(['a']);
    expect(store.stateOf(layerKey(a), square(0))).toBe('here');
  });

  test('after whoever was asked is gone nothing is coming, and what is here stays', () => {
    const { store, released } = make(10);
    store.want([ordered(a, square(0)), ordered(a, square(512))]);
    store.asked(store.missing());
    put(store, a, 0, 'a');
    store.restart();
    expect(store.stateOf(layerKey(a), square(512))).toBe('wanted');
    expect(names(store)).toEqual(['a']);
    expect(released).toEqual([]);
  });

  test('pixels are taken of layers that are wanted, and of no other', () => {
    const { store } = make(10);
    store.want([ordered(a, square(0))]);
    expect([store.accepts(layerKey(a)), store.accepts(layerKey(b))]).toEqual([true, false]);
    store.want([ordered(b, square(0))]);
    expect([store.accepts(layerKey(a)), store.accepts(layerKey(b))]).toEqual([false, true]);
  });
});

describe('the one limit', () => {
  test('recent tiles go first, the longest unseen before others', () => {
    const { store, released } = make(3);
    const order = [0, 512, 1024, 1536].map((x) => ordered(a, square(x)));
    store.want(order);
    for (const [index, name] of ['a', 'b', 'c', 'd'].entries()) put(store, a, index * 512, name);
    const seen = store.here(layerKey(a), square(0))!;
    store.want([]);
    store.trim(new Set([seen]));
    expect(released).toEqual(['b']);
    store.want([ordered(b, square(0))]);
    put(store, b, 0, 'e');
    store.trim(new Set());
    expect(released).toEqual(['b', 'c']);
    expect(store.bytes).toBe(3 * TILE);
  });

  test('recent before prefetched, prefetched from the far end, and never what is visible', () => {
    const { store, released } = make(5);
    const near = ordered(a, square(512), 'prefetched');
    const far = ordered(a, square(1024), 'prefetched');
    store.want([ordered(b, square(0))]);
    put(store, b, 0, 'old');
    store.want([ordered(a, square(0)), near, far]);
    for (const [name, x] of [
      ['visible', 0],
      ['near', 512],
      ['far', 1024],
    ] as const)
      put(store, a, x, name);
    for (const tiles of [3, 2, 1, 0]) {
      store.limitBytes = tiles * TILE;
      store.trim(new Set());
    }
    expect(released).toEqual(['old', 'far', 'near']);
    expect(names(store)).toEqual(['visible']);
  });

  test('what is on screen stays, even over the limit, whatever was wanted last', () => {
    const { store, released } = make(1);
    store.want([ordered(a, square(0)), ordered(a, square(512))]);
    put(store, a, 0, 'a');
    put(store, a, 512, 'b');
    store.want([]);
    store.trim(new Set([store.here(layerKey(a), square(0))!, store.here(layerKey(a), square(512))!]));
    expect(released).toEqual([]);
    store.trim(new Set());
    expect(store.bytes).toBe(TILE);
  });

  test('nothing is prefetched that would have to go at once; all that is visible is asked for', () => {
    const { store } = make(2);
    const visible = [0, 512, 1024].map((x) => ordered(a, square(x)));
    store.want([...visible, ordered(a, square(1536), 'prefetched')]);
    expect(store.missing()).toEqual(visible);
    store.want([visible[0]!, ordered(a, square(512), 'prefetched'), ordered(a, square(1024), 'prefetched')]);
    expect(store.missing().map(({ tile }) => tile.x)).toEqual([0, 512]);
  });

  test('a tile that comes again replaces and frees its earlier self', () => {
    const { store, released } = make(10);
    store.want([ordered(a, square(0))]);
    put(store, a, 0, 'old');
    put(store, a, 0, 'new');
    expect(released).toEqual(['old']);
    expect(store.bytes).toBe(TILE);
  });

  test('forgetting frees everything it names, also what failed of it', () => {
    const { store, released } = make(10);
    store.want([ordered(a, square(0)), ordered(b, square(0))]);
    put(store, a, 0, 'a');
    put(store, b, 0, 'b');
    store.fail(a, fault);
    store.forget(({ enlargement }) => enlargement.method.id === 'fsrcnn');
    expect(released).toEqual(['a']);
    expect(store.bytes).toBe(TILE);
    expect(store.faultOf(a)).toBeNull();
    expect(store.accepts(layerKey(a))).toBe(false);
  });
});

test('what is shown carries the layer that made it', () => {
  const { store } = make(10);
  store.want([ordered(a, square(0)), ordered(b, square(0))]);
  put(store, b, 0, 'b');
  const shown = [...store.layers()].map(({ key, layer: made }) => [key, made.enlargement.method.id]);
  expect(shown).toEqual([[layerKey(b), 'bicubic']]);
});
