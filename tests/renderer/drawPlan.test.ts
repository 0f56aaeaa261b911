import { describe, expect, test } from 'vitest';
import { fit } from '../../src/renderer/scene/camera';
import {
  planLayer,
  planPass,
  quadsIn,
  type PaneView,
  type WantedLayer,
} from '../../src/renderer/scene/drawPlan';
import { shownMaker } from '../../src/renderer/scene/shownMaker';
import type { ShownLayer } from '../../src/renderer/scene/tileStore';
import { layerKey, type Layer, type TileRect } from '../../src/shared/contract';
import { outputSize } from '../../src/shared/geometry';
import { arrived, layer, square } from './sceneParts';

const photo = { width: 256, height: 256 };
const view = (change: Partial<PaneView> = {}): PaneView => ({
  rect: { x: 0, y: 0, width: 800, height: 600 },
  camera: { zoom: 4, x: 128, y: 128 },
  steady: true,
  now: 1000,
  fadeMilliseconds: 80,
  ...change,
});
const wanting = (of: Layer, hasFailed = false): WantedLayer => ({ layer: of, photo, hasFailed });
const shown = (of: Layer, ...tiles: [TileRect, string, number?][]): ShownLayer<string> => ({
  key: layerKey(of),
  layer: of,
  tiles: tiles.map(([rect, name, at]) => arrived(rect, name, 1, at)),
});
/** One tile at the photo's corner for each. */
const fill = (...layers: [string, number, string][]): ShownLayer<string>[] =>
  layers.map(([method, scale, name]) => {
    const side = Math.min(512, outputSize(photo, scale).width);
    return shown(layer(method, scale), [{ x: 0, y: 0, width: side, height: side }, name]);
  });
const plan = (layers: ShownLayer<string>[], change: Partial<PaneView> = {}, of = layer('fsrcnn', 4)) =>
  planLayer(layers, wanting(of), view(change), view(change).rect);
/** No tile has faded in yet, so that what lies below is seen too. */
const young = { now: 40 };
const names = (...asked: Parameters<typeof plan>) => plan(...asked).map(({ tile }) => tile.picture);

describe('the drawing plan', () => {
  test('the wanted tiles lie on top, stand-ins below: what is magnified most lies lowest', () => {
    const layers = fill(
      ['fsrcnn', 4, 'wanted'],
      ['fsrcnn', 3, 'near'],
      ['bicubic', 4, 'standIn'],
      ['bicubic', 0.5, 'overview'],
      ['fsrcnn', 1.5, 'far'],
    );
    const all = ['overview', 'far', 'standIn', 'near', 'wanted'];
    expect(names(layers, young)).toEqual(all);
    expect(names([...layers].reverse(), young)).toEqual(all);
  });

  test('what is covered is not drawn: below the wanted tiles only what they leave free, or do not hide yet', () => {
    const standIn = shown(layer('bicubic', 4), [square(0), 'under the first'], [square(512), 'beside it']);
    const layers = [standIn, shown(layer('fsrcnn', 4), [square(0), 'first'])];
    expect(names(layers)).toEqual(['beside it', 'first']);
    expect(names(layers, young)).toEqual(['under the first', 'beside it', 'first']);
  });

  test('of a part of the pane what reaches into it is drawn', () => {
    const standIn = shown(layer('bicubic', 4), [square(0), 'left'], [square(512), 'right']);
    const { rect } = view();
    const right = { ...rect, x: 420, width: 380 };
    const quads = planLayer([standIn], wanting(layer('fsrcnn', 4)), view(), right);
    expect(quads.map(({ tile }) => tile.picture)).toEqual(['right']);
  });

  test('tiles much finer than the screen and those of another photo are left out', () => {
    const other = shown(layer('fsrcnn', 4, 'photo-2'), [square(0), 'other']);
    expect(names([...fill(['fsrcnn', 30, 'too fine']), other])).toEqual([]);
  });

  test('where a method failed, no other method stands under its name, but the stand-in', () => {
    const layers = fill(['srcnn', 4, 'srcnn'], ['bicubic', 4, 'standIn'], ['fsrcnn', 3, 'own']);
    const quads = planLayer(layers, wanting(layer('fsrcnn', 4), true), view(young), view().rect);
    expect(quads.map(({ tile }) => tile.picture)).toEqual(['standIn', 'own']);
  });

  test('at rest a wanted tile covers whole device pixels, one each', () => {
    const [quad] = plan(fill(['fsrcnn', 4, 'wanted']), { camera: { zoom: 4, x: 127.87, y: 63.31 } });
    expect(quad!.exact).toBe(true);
    for (const edge of [quad!.left, quad!.top, quad!.right, quad!.bottom])
      expect(Number.isInteger(edge)).toBe(true);
    expect(quad!.right - quad!.left).toBe(512);
  });

  test('neighbouring stand-ins share their edges exactly', () => {
    const tiles = [0, 512].map((x): [TileRect, string] => [
      { x, y: 0, width: x ? 333 : 512, height: 512 },
      `${x}`,
    ]);
    const camera = { zoom: 5.1, x: 150, y: 60 };
    const [a, b] = plan([shown(layer('fsrcnn', 3.3), ...tiles)], { camera, steady: false });
    expect(a!.exact).toBe(false);
    expect(a!.right).toBe(b!.left);
  });

  test('the last tile ends where the photo ends, at every scale', () => {
    const ends = [0.3, 0.77, 3.3, 4].map((scale) => {
      const whole = outputSize(photo, scale);
      const last = shown(layer('bicubic', scale), [{ x: 0, y: 0, ...whole }, 'last']);
      return plan([last], {}, layer('fsrcnn', 8))[0]!.right;
    });
    for (const end of ends) expect(end).toBeCloseTo(ends[0]!, 6);
  });

  test('tiles fade in by their age, and not at all without motion', () => {
    const fresh = [shown(layer('fsrcnn', 4), [square(0), 'fresh', 960])];
    expect(plan(fresh)[0]!.opacity).toBeCloseTo(0.5, 6);
    expect(plan(fresh, { fadeMilliseconds: 0 })[0]!.opacity).toBe(1);
  });

  test('what lies outside the pane is not drawn', () => {
    expect(names(fill(['fsrcnn', 4, 'wanted']), { camera: { zoom: 4, x: 256, y: 128 } })).toEqual([]);
  });

  test('a fitted photo at the whole zoom fills exactly the fitted rectangle', () => {
    const camera = fit(photo, { width: 800, height: 600 }, 44);
    expect(camera.zoom).toBe(2);
    const [quad] = plan(fill(['fsrcnn', 2, 'all']), { camera }, layer('fsrcnn', 2));
    expect([quad!.left, quad!.top, quad!.right, quad!.bottom]).toEqual([144, 44, 656, 556]);
  });

  test('a pane elsewhere on the canvas has the same picture there', () => {
    const camera = { zoom: 4, x: 127.87, y: 63.31 };
    const [here] = plan(fill(['fsrcnn', 4, 'wanted']), { camera });
    const rect = { x: 37, y: 11, width: 800, height: 600 };
    const [there] = plan(fill(['fsrcnn', 4, 'wanted']), { camera, rect });
    expect([there!.left - here!.left, there!.bottom - here!.bottom]).toEqual([37, 11]);
  });
});

describe('passes', () => {
  const both = [wanting(layer('fsrcnn', 4)), wanting(layer('srcnn', 4))];
  const wanted = (place: number): WantedLayer | undefined => both[place];
  const layers = fill(['fsrcnn', 4, 'first'], ['srcnn', 4, 'second']);
  const clip = { x: 10, y: 0, width: 90, height: 600 };

  test('one layer: its tiles on top, within its clip', () => {
    for (const [index, top] of ['first', 'second'].entries()) {
      const draw = planPass({ kind: 'layer', layer: index, clip }, wanted, layers, view());
      expect(draw.clip).toBe(clip);
      expect(quadsIn(draw).at(-1)!.tile.picture).toBe(top);
    }
  });

  test('a difference: both layers, each with its own on top, and how to show it', () => {
    const pass = { kind: 'difference', layers: [1, 0], clip, gain: 8, isSigned: true } as const;
    const draw = planPass(pass, wanted, layers, view());
    if (draw.kind !== 'difference') throw new Error(`expected a difference, received ${draw.kind}`);
    expect(draw.quads.map((quads) => quads.at(-1)!.tile.picture)).toEqual(['second', 'first']);
    expect(draw).toMatchObject({ gain: 8, isSigned: true, clip });
  });

  test('a layer that is not there draws nothing', () => {
    expect(quadsIn(planPass({ kind: 'layer', layer: 7, clip }, wanted, layers, view()))).toEqual([]);
  });
});

describe('what made the pixels on screen', () => {
  const part = { x: 0, y: 0, width: 800, height: 600 };
  const tiles = [square(0), square(512), square(0, 512), square(512, 512)];

  test('is what lies on top over most of it', () => {
    const standIn = shown(layer('bicubic', 4), ...tiles.map((rect): [TileRect, string] => [rect, 'b']));
    expect(shownMaker(plan([standIn]), part)).toMatchObject({ method: { id: 'bicubic' }, isPhoto: false });
    const [first, ...rest] = tiles;
    const one = shown(layer('fsrcnn', 4), [first!, 'f']);
    expect(shownMaker(plan([standIn, one]), part)!.method.id).toBe('bicubic');
    const more = shown(layer('fsrcnn', 4), ...rest.map((rect): [TileRect, string] => [rect, 'f']));
    expect(shownMaker(plan([standIn, more]), part)!.method.id).toBe('fsrcnn');
  });

  test('is the photo itself below 100 %, and nothing where nothing is', () => {
    const small = shown(layer('bicubic', 0.5), [{ x: 0, y: 0, width: 128, height: 128 }, 'p']);
    expect(shownMaker(plan([small]), part)!.isPhoto).toBe(true);
    expect(shownMaker([], part)).toBeNull();
  });
});
