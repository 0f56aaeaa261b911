import { describe, expect, test } from 'vitest';
import { quadsIn, type Quad } from '../../src/renderer/scene/drawPlan';
import type { TilePicture } from '../../src/renderer/scene/drawing/painting';
import { Feed } from '../../src/renderer/scene/feed';
import type { LayerRequest } from '../../src/renderer/scene/layers';
import type { Layout } from '../../src/renderer/scene/panes/layout';
import { Scene, type SceneContent, type SceneView } from '../../src/renderer/scene/scene';
import { NO_FACTS, type SceneFacts } from '../../src/renderer/scene/sceneFacts';
import { layerKey, type Layer, type Params, type TileRect } from '../../src/shared/contract';
import { PLAIN_OPTIONS } from '../../src/shared/enlargement';
import { FakeDoor, photoInfo } from './fakeDoor';

type Want = Params<'view:want'>;

const request = (part: Partial<LayerRequest> = {}): LayerRequest => ({
  photo: photoInfo(),
  method: { id: 'fsrcnn' },
  options: PLAIN_OPTIONS,
  shows: 'enlargement',
  isSlow: true,
  ...part,
});
const one = (part: Partial<LayerRequest> = {}): SceneContent => ({
  layers: [request(part)],
  layout: { kind: 'single', layer: 0 },
  link: 'together',
  isStopped: false,
});
const compare = (layout: Layout, ...methods: string[]): SceneContent => ({
  layers: methods.map((id) => request({ method: { id } })),
  layout,
  link: 'together',
  isStopped: false,
});
const view = (zoom: number, part: Partial<SceneView> = {}): SceneView => ({
  canvas: { width: 800, height: 600 },
  cameras: [{ zoom, x: 320, y: 240 }],
  cursor: null,
  settled: true,
  ...part,
});

function start() {
  const door = new FakeDoor();
  const uploaded: { pixels: Uint8Array; hasAlpha: boolean }[] = [];
  let freed = 0;
  let facts: SceneFacts = NO_FACTS;
  const pictures = {
    upload: (_rect: TileRect, pixels: Uint8Array, hasAlpha: boolean): TilePicture =>
      uploaded.push({ pixels, hasAlpha }),
    free: () => (freed += 1),
  };
  const listener = { changed: () => undefined };
  let now = 0;
  const scene = new Scene(new Feed(door.client), pictures, () => now, listener, 256 * 2 ** 20);
  const wants = (): Want[] => door.paramsOf<Want>('view:want');
  const last = (): Want => wants().at(-1)!;
  /** What is wanted now of a method, an overview apart. */
  const wantedOf = (method: string): { layer: Layer; tiles: Want['tiles'] }[] =>
    last()
      .layers.map((layer, index) => ({ layer, tiles: last().tiles.filter((tile) => tile.layer === index) }))
      .filter(({ layer }) => layer.enlargement.method.id === method);
  const say = (layer: Layer, tile: TileRect, alpha = 255, squares?: number): void => {
    const pixels = new Uint8Array(tile.width * tile.height * 4).fill(200);
    for (let i = 3; i < pixels.length; i += 4) pixels[i] = alpha;
    const { x, y, width, height } = tile;
    const place = { x, y, width, height };
    const event = {
      event: 'view:tile',
      revision: last().revision,
      layer: layerKey(layer),
      tile: place,
      pixels,
    };
    door.say({ event: squares === undefined ? event : { ...event, squares } });
  };
  /** Answers all that is wanted of the methods named, or of all, with grey of this alpha. */
  const deliver = (
    methods: readonly string[] | null = null,
    alpha = 255,
    squares?: (tile: TileRect) => number,
  ): void => {
    const { layers, tiles } = last();
    for (const tile of tiles) {
      const layer = layers[tile.layer]!;
      if (methods && !methods.includes(layer.enlargement.method.id)) continue;
      say(layer, tile, alpha, squares?.(tile));
    }
  };
  const making = (layer: Layer, tile: TileRect, share = 0): void => {
    const { x, y, width, height } = tile;
    const place = { x, y, width, height };
    const { revision } = last();
    door.say({ event: { event: 'view:making', revision, layer: layerKey(layer), tile: place, share } });
  };
  const fail = (layer: Layer, code = 'device-failed'): void => {
    const fault = { code, message: `Expected pixels, received none (${code}).` };
    door.say({ event: { event: 'view:failed', revision: last().revision, layer: layerKey(layer), fault } });
  };
  const quads = (zoom: number, part: Partial<SceneView> = {}): Quad<TilePicture>[] =>
    scene.frame(view(zoom, part), 0).draws.flatMap((draw) => [...quadsIn(draw)]);
  return {
    door,
    scene,
    wants,
    last,
    wantedOf,
    say,
    making,
    pass: (milliseconds: number) => (now += milliseconds),
    deliver,
    fail,
    quads,
    uploaded,
    facts: (): SceneFacts => (facts = scene.news() ?? facts),
    freed: () => freed,
  };
}

describe('one pane', () => {
  test('asks at exactly the zoom, the stand-in before the overview before what is slow', () => {
    const { scene, last } = start();
    scene.show(one());
    scene.request(view(3.7));
    const { layers, tiles } = last();
    const told = tiles.map(({ layer }) => {
      const { method, scale } = layers[layer]!.enlargement;
      return `${method.id} ${scale}`;
    });
    expect([...new Set(told)]).toEqual(['bicubic 3.7', 'bicubic 1', 'fsrcnn 3.7']);
    const changes = told.filter((name, index) => name !== told[index - 1]);
    expect(changes).toHaveLength(3);
  });

  test('a part with a method of its own is asked for and drawn where it lies, and nowhere else', () => {
    const { scene, wantedOf, deliver } = start();
    const within = { x: 300, y: 200, width: 40, height: 30 };
    scene.show({
      layers: [request({ method: { id: 'bicubic', sum: 'code' }, isSlow: false }), request()],
      layout: { kind: 'single', layer: 0, parts: [{ layer: 1, within }] },
      link: 'together',
      isStopped: false,
    });
    scene.request(view(4));
    const tiles = wantedOf('fsrcnn').flatMap((want) => want.tiles);
    expect(tiles.length).toBeGreaterThan(0);
    for (const { x, y, width, height } of tiles) {
      expect(x < 1360 && x + width > 1200 && y < 920 && y + height > 800).toBe(true);
    }
    deliver();
    const draws = scene.frame(view(4), 0).draws;
    expect(draws.map(({ clip }) => clip)).toEqual([
      { x: 0, y: 0, width: 800, height: 600 },
      { x: 320, y: 140, width: 160, height: 120 },
    ]);
    const makers = draws.map((draw) => quadsIn(draw).at(-1)!.layer.enlargement.method.id);
    expect(makers).toEqual(['bicubic', 'fsrcnn']);
    // Out of sight nothing is asked for it.
    scene.request(view(4, { cameras: [{ zoom: 4, x: 20, y: 20 }] }));
    expect(wantedOf('fsrcnn')).toEqual([]);
  });

  test('a method that was trained again is asked for anew, and a late tile of the old one is dropped', () => {
    const { scene, wantedOf, say, uploaded } = start();
    const mine = (digit: string) => one({ method: { id: 'mine', sum: digit.repeat(16) } });
    scene.show(mine('1'));
    scene.request(view(3));
    const before = wantedOf('mine')[0]!;
    scene.show(mine('2'));
    scene.request(view(3));
    const after = wantedOf('mine')[0]!;
    expect(layerKey(after.layer)).not.toBe(layerKey(before.layer));
    expect(after.tiles.map(({ x, y }) => [x, y])).toEqual(before.tiles.map(({ x, y }) => [x, y]));
    say(before.layer, before.tiles[0]!);
    expect(uploaded).toHaveLength(0);
    say(after.layer, after.tiles[0]!);
    expect(uploaded).toHaveLength(1);
  });

  test('a quick method needs no stand-in; below 100 % all methods are the photo itself', () => {
    const { scene, last, wantedOf, wants } = start();
    scene.show(one({ method: { id: 'lanczos' }, isSlow: false }));
    scene.request(view(3));
    expect(wantedOf('bicubic').map(({ layer }) => layer.enlargement.scale)).toEqual([1]);
    scene.request(view(0.5));
    expect(last().layers.map(({ enlargement }) => [enlargement.method.id, enlargement.scale])).toEqual([
      ['bicubic', 0.5],
      ['bicubic', 1],
    ]);
    const asked = wants().length;
    scene.show(one());
    scene.request(view(0.5));
    expect(wants()).toHaveLength(asked);
  });

  test('while it zooms nothing is asked', () => {
    const { scene, wants } = start();
    scene.show(one());
    scene.request(view(3, { settled: false }));
    expect(wants()).toEqual([]);
  });

  test('progress counts the tiles on screen, and what came is not asked for again', () => {
    const { scene, deliver, facts, quads, wants } = start();
    scene.show(one());
    scene.request(view(4));
    const { total } = facts();
    expect(total).toBeGreaterThan(1);
    expect(facts().done).toBe(0);
    deliver();
    expect(facts()).toMatchObject({ done: total, total });
    scene.request(view(4));
    expect(
      wants()
        .slice(1)
        .flatMap(({ tiles }) => tiles),
    ).toEqual([]);
    const top = quads(4).filter(({ layer }) => layer.enlargement.method.id === 'fsrcnn');
    expect(top.filter(({ exact }) => exact)).toHaveLength(total);
  });

  test('stopped, nothing is asked for that takes its time: what is there stays, and stand-ins still come', () => {
    const { scene, deliver, say, wantedOf, quads, last } = start();
    scene.show(one());
    scene.request(view(4));
    const [want] = wantedOf('fsrcnn');
    say(want!.layer, want!.tiles[0]!);
    scene.show({ ...one(), isStopped: true });
    scene.request(view(4));
    expect(wantedOf('fsrcnn')).toEqual([]);
    expect(wantedOf('bicubic').map(({ layer }) => layer.enlargement.scale)).toEqual([4, 1]);
    deliver();
    expect(quads(4).filter(({ layer }) => layer.enlargement.method.id === 'fsrcnn')).toHaveLength(1);
    scene.show(one());
    scene.request(view(4));
    expect(wantedOf('fsrcnn')[0]!.tiles).toHaveLength(want!.tiles.length - 1);
    expect(last().layers.map(({ enlargement }) => enlargement.method.id)).toEqual(['fsrcnn']);
  });

  test('what is being made is told with its time, until it has come or is not wanted any more', () => {
    const { scene, making, pass, say, wantedOf, facts } = start();
    scene.show(one());
    scene.request(view(4));
    const { layer, tiles } = wantedOf('fsrcnn')[0]!;
    const inWork = () => facts().work.layers[0]!.inWork;
    making(layer, tiles[0]!);
    pass(1000);
    making(layer, tiles[1]!);
    pass(1000);
    making(layer, tiles[0]!, 0.5);
    // Two at once share the time.
    expect(inWork().map(({ share, spent }) => [share, spent])).toEqual([
      [0.5, 1500],
      [0, 500],
    ]);
    say(layer, tiles[0]!);
    expect(facts().work.layers[0]!.pace).toBeCloseTo(1500 / (tiles[0]!.width * tiles[0]!.height), 12);
    expect(inWork()).toHaveLength(1);
    scene.show(one({ method: { id: 'srcnn' } }));
    scene.request(view(4));
    expect(facts().work.layers.flatMap((one) => one.inWork)).toEqual([]);
  });

  test('another method is wanted at once while the old one is still shown, and said to be', () => {
    const { scene, deliver, wantedOf, quads } = start();
    scene.show(one());
    scene.request(view(4));
    deliver();
    scene.show(one({ method: { id: 'srcnn' } }));
    expect(quads(4).length).toBeGreaterThan(0);
    scene.request(view(4));
    expect(wantedOf('srcnn')[0]!.tiles.length).toBeGreaterThan(0);
    expect(scene.frame(view(4), 0).shown).toMatchObject({ method: { id: 'fsrcnn' } });
    deliver(['srcnn']);
    expect(scene.frame(view(4), 0).shown).toMatchObject({ method: { id: 'srcnn' } });
  });

  test('a late tile of what was chosen before is dropped', () => {
    const { scene, say, uploaded, wantedOf } = start();
    scene.show(one());
    scene.request(view(4));
    const { layer, tiles } = wantedOf('fsrcnn')[0]!;
    scene.show(one({ method: { id: 'srcnn' } }));
    scene.request(view(4));
    say(layer, tiles[0]!);
    expect(uploaded).toEqual([]);
  });

  test('options go with what is asked, and what was there before is there again at once', () => {
    const { scene, wantedOf, deliver, facts, wants } = start();
    const options = { ensemble: true, consistent: true, crispness: 0.25 };
    scene.show(one({ options }));
    scene.request(view(4));
    expect(wantedOf('fsrcnn')[0]!.layer.enlargement.options).toEqual(options);
    expect(wantedOf('bicubic')[0]!.layer.enlargement.options).toEqual(PLAIN_OPTIONS);
    deliver();
    scene.show(one({ options: { ...options, crispness: 0.5 } }));
    scene.request(view(4));
    expect(wantedOf('fsrcnn')[0]!.layer.enlargement.options.crispness).toBe(0.5);
    expect(facts().done).toBe(0);
    const asked = wants().length;
    scene.show(one({ options }));
    scene.request(view(4));
    expect(facts().done).toBe(facts().total);
    expect(
      wants()
        .slice(asked)
        .flatMap(({ tiles }) => tiles),
    ).toEqual([]);
  });

  test('what was invented is asked for above 100 % alone, and measured once all of it has come', () => {
    const { scene, wantedOf, deliver, facts } = start();
    scene.show(one({ shows: 'invented' }));
    scene.request(view(1));
    expect(wantedOf('fsrcnn')[0]!.layer).toMatchObject({ shows: 'enlargement', enlargement: { scale: 1 } });
    deliver();
    expect(facts().invented).toBeNull();
    scene.request(view(4));
    expect(wantedOf('fsrcnn')[0]!.layer).toMatchObject({ shows: 'invented', enlargement: { scale: 4 } });
    expect(facts().invented).toBeNull();
    // Every pixel invented by 5 steps of 8 bits.
    deliver(null, 255, (tile) => tile.width * tile.height * (5 / 255) ** 2);
    expect(facts().invented).toBeCloseTo(5, 6);
    scene.show(one());
    scene.request(view(4));
    expect(facts().invented).toBeNull();
  });

  test('a map lies over grey stand-ins, and never shows where the enlargement is wanted', () => {
    const { scene, deliver, quads } = start();
    scene.show(one());
    scene.request(view(4));
    deliver();
    scene.show(one({ shows: 'invented' }));
    scene.request(view(4));
    expect(new Set(quads(4).map(({ shading }) => shading))).toEqual(new Set(['grey']));
    deliver(['fsrcnn'], 255, () => 0);
    const mapped = quads(4).map(({ shading }) => shading);
    expect(mapped.lastIndexOf('grey')).toBe(mapped.indexOf('map') - 1);
    scene.show(one());
    scene.request(view(4));
    expect(new Set(quads(4).map(({ shading }) => shading))).toEqual(new Set(['plain']));
  });

  test('only tiles of a photo with transparency are drawn as such', () => {
    const clear = start();
    clear.scene.show(one({ photo: photoInfo({ alpha: true }) }));
    clear.scene.request(view(4));
    clear.deliver(null, 51);
    expect(clear.uploaded.every(({ hasAlpha }) => hasAlpha)).toBe(true);
    expect([...clear.uploaded[0]!.pixels.subarray(0, 4)]).toEqual([200, 200, 200, 51]);
    const opaque = start();
    opaque.scene.show(one());
    opaque.scene.request(view(4));
    opaque.deliver();
    expect(opaque.uploaded.some(({ hasAlpha }) => hasAlpha)).toBe(false);
  });

  test('a closed photo leaves nothing behind', () => {
    const { scene, deliver, uploaded, freed, quads, last } = start();
    scene.show(one());
    scene.request(view(4));
    deliver(['bicubic']);
    scene.show(null);
    scene.forgetPhoto('photo-1');
    expect(freed()).toBe(uploaded.length);
    expect(quads(4)).toEqual([]);
    expect(last().tiles).toEqual([]);
  });
});

describe('what fails', () => {
  test('a method that fails is said once, leaves nothing of others under its name, and is not asked again', () => {
    const { scene, deliver, wantedOf, fail, facts, quads, wants } = start();
    scene.show(one());
    scene.request(view(4));
    deliver(['fsrcnn']);
    scene.show(one({ method: { id: 'srcnn' } }));
    scene.request(view(4));
    fail(wantedOf('srcnn')[0]!.layer);
    expect(facts().fault).toMatchObject({ code: 'device-failed' });
    expect(quads(4)).toEqual([]);
    const asked = wants().length;
    for (let frame = 0; frame < 100; frame += 1) scene.request(view(4));
    const after = wants()
      .slice(asked)
      .flatMap(({ layers }) => layers);
    expect(after.filter(({ enlargement }) => enlargement.method.id === 'srcnn')).toEqual([]);
    expect(wants().length - asked).toBeLessThanOrEqual(1);
  });

  test('a photo that cannot be read: one lasting fault, and silence, however many frames are drawn', () => {
    const { scene, last, fail, facts, wants } = start();
    scene.show(one());
    scene.request(view(4));
    for (const layer of last().layers) fail(layer, 'unreadable-image');
    const { fault } = facts();
    expect(fault).toMatchObject({ code: 'unreadable-image' });
    scene.request(view(4));
    const asked = wants().length;
    for (let frame = 0; frame < 100; frame += 1) {
      scene.request(view(4, { cursor: { x: frame, y: 50 } }));
      expect(facts().fault).toBe(fault);
    }
    expect(wants()).toHaveLength(asked);
  });

  test('it is tried again when the user says so, and when something else was chosen', () => {
    const { scene, wantedOf, fail, facts, wants } = start();
    scene.show(one());
    scene.request(view(4));
    const { layer } = wantedOf('fsrcnn')[0]!;
    fail(layer);
    const asked = wants().length;
    scene.request(view(4));
    expect(wants()).toHaveLength(asked);
    scene.retry();
    scene.request(view(4));
    expect(wants()).toHaveLength(asked + 1);
    expect(wantedOf('fsrcnn')).toHaveLength(1);
    expect(facts().fault).toBeNull();
    fail(layer);
    scene.show(one({ method: { id: 'srcnn' } }));
    scene.show(one());
    scene.request(view(4));
    expect(wantedOf('fsrcnn')).toHaveLength(1);
  });

  test('what passes by itself is no fault', () => {
    const { scene, wantedOf, fail, facts } = start();
    scene.show(one());
    scene.request(view(4));
    fail(wantedOf('fsrcnn')[0]!.layer, 'unknown-photo');
    expect(facts().fault).toBeNull();
  });
});

describe('an engine that dies', () => {
  test('with two photos open: what is on screen stays, what was coming is asked of the new one', () => {
    const { door, scene, deliver, quads, wantedOf, wants, freed } = start();
    for (const photo of ['photo-1', 'photo-2']) {
      scene.show(one({ photo: photoInfo({ photo }) }));
      scene.request(view(4));
    }
    deliver(['bicubic']);
    const before = quads(4).length;
    expect(before).toBeGreaterThan(0);
    const coming = wantedOf('fsrcnn')[0]!.tiles.length;
    const asked = wants().length;
    door.say({ event: { event: 'engine:restored', failed: [] } });
    scene.request(view(4));
    expect(quads(4)).toHaveLength(before);
    expect(freed()).toBe(0);
    expect(wants().length).toBeGreaterThan(asked);
    expect(wantedOf('fsrcnn')[0]!.tiles).toHaveLength(coming);
    deliver(['fsrcnn']);
    expect(scene.frame(view(4), 0).shown).toMatchObject({ method: { id: 'fsrcnn' } });
  });

  test('what failed before is tried with the new one', () => {
    const { door, scene, fail, wantedOf, facts, wants } = start();
    scene.show(one());
    scene.request(view(4));
    fail(wantedOf('fsrcnn')[0]!.layer, 'unknown-photo');
    const asked = wants().length;
    scene.request(view(4));
    expect(wants()).toHaveLength(asked);
    door.say({ event: { event: 'engine:restored', failed: [] } });
    scene.request(view(4));
    expect(wantedOf('fsrcnn')).toHaveLength(1);
    expect(facts().fault).toBeNull();
  });

  test('a graphics device that comes back has all pictures come anew', () => {
    const { scene, deliver, wantedOf, freed, uploaded } = start();
    scene.show(one());
    scene.request(view(4));
    const before = wantedOf('fsrcnn')[0]!.tiles.length;
    deliver();
    scene.dropPictures();
    expect(freed()).toBe(uploaded.length);
    scene.request(view(4));
    expect(wantedOf('fsrcnn')[0]!.tiles).toHaveLength(before);
  });
});

describe('several panes', () => {
  const camera = { zoom: 4, x: 320, y: 240 };

  test('one stand-in and one overview serve all panes of a grid; every method is asked for', () => {
    const { scene, last, wantedOf } = start();
    scene.show(compare({ kind: 'grid', gap: 2 }, 'fsrcnn', 'srcnn', 'espcn', 'edsr'));
    scene.request(view(4, { cameras: [camera, camera, camera, camera] }));
    expect(wantedOf('bicubic')).toHaveLength(2);
    expect(last().layers).toHaveLength(6);
    const places = last().tiles.map(({ layer, x, y }) => `${layer} ${x} ${y}`);
    expect(new Set(places).size).toBe(places.length);
  });

  test('tiles at the cursor come first in all panes, before those far from it in any', () => {
    const { scene, last } = start();
    scene.show(compare({ kind: 'grid', gap: 0 }, 'fsrcnn', 'srcnn'));
    scene.request(view(4, { cameras: [camera, camera], cursor: { x: 100, y: 300 } }));
    const slow = last().tiles.filter(({ layer }) => {
      const { method } = last().layers[layer]!.enlargement;
      return method.id !== 'bicubic';
    });
    const [first, second] = slow;
    expect(first!.layer).not.toBe(second!.layer);
    expect([first!.x, first!.y]).toEqual([second!.x, second!.y]);
  });

  test('a split draws each layer on its own side, at the same place of the same photo', () => {
    const { scene, deliver } = start();
    const layout = { kind: 'split', layers: [0, 1], divider: 0.5, direction: 'vertical' } as const;
    scene.show(compare(layout, 'fsrcnn', 'srcnn'));
    scene.request(view(4));
    deliver();
    const { draws } = scene.frame(view(4), 0);
    expect(draws.map(({ clip }) => [clip.x, clip.width])).toEqual([
      [0, 400],
      [400, 400],
    ]);
    const methods = draws.map((draw) => quadsIn(draw).map(({ layer }) => layer.enlargement.method.id));
    expect(methods.map((drawn) => [...new Set(drawn)])).toEqual([['fsrcnn'], ['srcnn']]);
    // Tiles that the divider cuts are drawn on both sides.
    const [left, right] = draws.map(
      (draw) => new Map(quadsIn(draw).map((quad) => [JSON.stringify(quad.tile.rect), quad])),
    );
    const cut = [...left!.keys()].filter((place) => right!.has(place));
    expect(cut.length).toBeGreaterThan(0);
    for (const place of cut) {
      const { left: x, top, exact } = left!.get(place)!;
      expect(right!.get(place)).toMatchObject({ left: x, top, exact });
    }
  });

  test('flipping in place asks for nothing that is there', () => {
    const { scene, deliver, wants } = start();
    for (const layer of [0, 1]) {
      scene.show(compare({ kind: 'single', layer }, 'fsrcnn', 'srcnn'));
      scene.request(view(4));
      deliver();
    }
    const asked = wants().length;
    scene.show(compare({ kind: 'single', layer: 0 }, 'fsrcnn', 'srcnn'));
    scene.request(view(4));
    expect(scene.frame(view(4), 0).shown).toMatchObject({ method: { id: 'fsrcnn' } });
    expect(
      wants()
        .slice(asked)
        .flatMap(({ tiles }) => tiles),
    ).toEqual([]);
  });
});

test('pictures stay within the limit that is set, but for what is on screen', () => {
  const { scene, deliver, uploaded, freed } = start();
  const mebibyte = 2 ** 20;
  scene.limitBytes = 8 * mebibyte;
  scene.show(
    one({ method: { id: 'lanczos' }, isSlow: false, photo: photoInfo({ width: 4000, height: 3000 }) }),
  );
  for (let x = 300; x < 3700; x += 40) {
    const cameras = [{ zoom: 4, x, y: 1500 }];
    scene.request(view(4, { cameras }));
    deliver();
    scene.frame(view(4, { cameras }), 0);
  }
  expect(uploaded.length * mebibyte).toBeGreaterThan(30 * mebibyte);
  // The view of 800 x 600 touches up to six tiles, and the overview of the photo is nine more.
  expect(uploaded.length - freed()).toBeLessThanOrEqual(15);
});

test('a layer that no pane draws is kept ready: asked for last, without a stand-in, and not counted as shown', () => {
  const { scene, last, wantedOf, facts, deliver } = start();
  scene.show(compare({ kind: 'single', layer: 0 }, 'fsrcnn', 'srcnn'));
  scene.request(view(4));
  expect(wantedOf('srcnn')).toHaveLength(1);
  const names = last().tiles.map(({ layer }) => last().layers[layer]!.enlargement.method.id);
  expect(names.indexOf('srcnn')).toBeGreaterThan(names.lastIndexOf('bicubic'));
  const [shown, ready] = facts().layers;
  expect(facts().total).toBe(shown!.total);
  expect(ready!.total).toBeGreaterThan(0);
  deliver(['srcnn']);
  expect(facts().done).toBe(0);
  expect(facts().layers[1]!.done).toBe(ready!.total);
});

test('laying the same layers out otherwise does not try again what failed', () => {
  const { scene, fail, last, wants } = start();
  const content = compare(
    { kind: 'split', layers: [0, 1], divider: 0.5, direction: 'vertical' },
    'fsrcnn',
    'srcnn',
  );
  scene.show(content);
  scene.request(view(4));
  for (const layer of last().layers.filter(({ enlargement }) => enlargement.method.id === 'srcnn'))
    fail(layer);
  scene.request(view(4));
  const asked = wants().length;
  scene.show({ ...content, layout: { kind: 'split', layers: [0, 1], divider: 0.4, direction: 'vertical' } });
  scene.request(view(4));
  expect(wants()).toHaveLength(asked);
});
