import { describe, expect, test } from 'vitest';
import { PLAIN_OPTIONS } from '../../src/shared/enlargement';
import { LiveView, type Look, type Sight } from '../../src/renderer/view/liveView';
import type { MethodOptions, Shows } from '../../src/shared/contract';
import { FakeDoor, photoInfo } from './fakeDoor';

interface Want {
  view: string;
  revision: number;
  method: string;
  options: MethodOptions;
  shows: Shows;
  scale: number;
  tiles: { x: number; y: number; width: number; height: number }[];
}

const sight = (part: Partial<Sight> = {}): Sight => ({
  photo: photoInfo(),
  method: 'fsrcnn',
  options: PLAIN_OPTIONS,
  shows: 'enlargement',
  slow: true,
  ...part,
});
const look = (zoom: number, part: Partial<Look> = {}): Look => ({
  camera: { zoom, x: 320, y: 240 },
  viewport: { width: 800, height: 600 },
  cursor: null,
  settled: true,
  ...part,
});

function start() {
  const door = new FakeDoor();
  const uploaded: Uint8Array[] = [];
  let freed = 0;
  let progress = [0, 0];
  let strength: number | null = null;
  const failures: string[] = [];
  const live = new LiveView(
    door.client,
    {
      space: 'srgb',
      upload: (_rect, pixels) => {
        uploaded.push(pixels.slice());
        return { texture: {}, generation: 0 };
      },
      free: () => (freed += 1),
    },
    () => 0,
    {
      changed: () => undefined,
      progress: (done, total) => (progress = [done, total]),
      invented: (told) => (strength = told),
      failed: (fault) => failures.push(fault.code),
    },
  );
  const last = (view: string): Want | undefined =>
    door
      .paramsOf<Want>('view:want')
      .filter((want) => want.view === view)
      .at(-1);
  /** Answers all that a view wants, with grey of this alpha. */
  const deliver = (view: string, alpha = 255, squares?: (tile: Want['tiles'][number]) => number): void => {
    const want = last(view);
    for (const tile of want?.tiles ?? []) {
      const pixels = new Uint8Array(tile.width * tile.height * 4).fill(200);
      for (let i = 3; i < pixels.length; i += 4) pixels[i] = alpha;
      const measured = squares ? { squares: squares(tile) } : {};
      const event = { event: 'view:tile', view, revision: want!.revision, tile, pixels, ...measured };
      door.say({ event });
    }
  };
  return {
    door,
    live,
    last,
    deliver,
    uploaded,
    failures,
    progress: () => progress,
    strength: () => strength,
    freed: () => freed,
  };
}

describe('the lens', () => {
  test('asks at exactly the zoom for the wanted method, with an overview and a quick stand-in below', () => {
    const { live, last } = start();
    live.choose(sight());
    live.look(look(3.7));
    expect(last('lens')).toMatchObject({ method: { id: 'fsrcnn' }, scale: 3.7 });
    expect(last('draft')).toMatchObject({ method: { id: 'bicubic' }, scale: 3.7 });
    expect(last('overview')).toMatchObject({ method: { id: 'bicubic' }, scale: 1 });
  });

  test('a quick method needs no stand-in; below 100 % all methods are the photo itself', () => {
    const { live, last } = start();
    live.choose(sight({ method: 'lanczos', slow: false }));
    live.look(look(3));
    expect(last('draft')).toBeUndefined();
    live.look(look(0.5));
    expect(last('lens')).toMatchObject({ method: { id: 'bicubic' }, scale: 0.5 });
    const asked = last('lens')!.revision;
    live.choose(sight({ method: 'fsrcnn' }));
    live.look(look(0.5));
    expect(last('lens')!.revision).toBe(asked);
  });

  test('while it zooms nothing is asked', () => {
    const { live, last } = start();
    live.choose(sight());
    live.look(look(3, { settled: false }));
    expect(last('lens')).toBeUndefined();
  });

  test('progress counts the tiles on screen, and what came is not asked for again', () => {
    const { live, deliver, progress, door } = start();
    live.choose(sight());
    live.look(look(4));
    const [, total] = progress();
    expect(total).toBeGreaterThan(1);
    expect(progress()[0]).toBe(0);
    deliver('lens');
    expect(progress()).toEqual([total, total]);
    const asked = door.paramsOf<Want>('view:want').length;
    live.look(look(4));
    const after = door.paramsOf<Want>('view:want').slice(asked);
    expect(after.filter((want) => want.tiles.length > 0 && want.view === 'lens')).toEqual([]);
    expect(live.plan(look(4), 0).filter((quad) => quad.exact)).toHaveLength(total!);
  });

  test('another method is wanted at once while the old one is still shown', () => {
    const { live, deliver, last } = start();
    live.choose(sight());
    live.look(look(4));
    deliver('lens');
    live.choose(sight({ method: 'srcnn' }));
    live.look(look(4));
    expect(last('lens')).toMatchObject({ method: { id: 'srcnn' } });
    expect(live.plan(look(4), 0).length).toBeGreaterThan(0);
  });

  test('a method that fails is said, leaves nothing of others under its name, and is not asked again', () => {
    const { live, deliver, last, door, failures } = start();
    live.choose(sight());
    live.look(look(4));
    deliver('lens');
    live.choose(sight({ method: 'srcnn' }));
    live.look(look(4));
    const revision = last('lens')!.revision;
    const fault = { code: 'device-failed', message: 'Expected pixels, received none.' };
    door.say({ event: { event: 'view:failed', view: 'lens', revision, fault } });
    expect(failures).toEqual(['device-failed']);
    expect(live.plan(look(4), 0)).toEqual([]);
    live.look(look(4));
    expect(last('lens')!.revision).toBe(revision);
  });

  test('options go with what is asked, and turning something asks anew', () => {
    const { live, last, deliver } = start();
    const options = { ensemble: true, consistent: true, crispness: 0.25 };
    live.choose(sight({ options }));
    live.look(look(4));
    expect(last('lens')).toMatchObject({ options, shows: 'enlargement' });
    expect(last('draft')).toMatchObject({ method: { id: 'bicubic' }, options: PLAIN_OPTIONS });
    deliver('lens');
    live.choose(sight({ options: { ...options, crispness: 0.5 } }));
    live.look(look(4));
    expect(last('lens')!.options.crispness).toBe(0.5);
    expect(last('lens')!.tiles.length).toBeGreaterThan(0);
    const asked = last('lens')!.revision;
    live.choose(sight({ options }));
    live.look(look(4));
    expect(last('lens')!.revision).toBeGreaterThan(asked);
    expect(last('lens')!.tiles).toEqual([]);
  });

  test('what was invented is asked for above 100 % alone, and measured once all of it has come', () => {
    const { live, last, deliver, strength } = start();
    live.choose(sight({ shows: 'invented' }));
    live.look(look(1));
    expect(last('lens')).toMatchObject({ shows: 'enlargement', scale: 1 });
    deliver('lens');
    expect(strength()).toBeNull();
    live.look(look(4));
    expect(last('lens')).toMatchObject({ shows: 'invented', scale: 4 });
    expect(strength()).toBeNull();
    // Every pixel invented by 5 steps of 8 bits.
    deliver('lens', 255, (tile) => tile.width * tile.height * (5 / 255) ** 2);
    expect(strength()).toBeCloseTo(5, 6);
    live.choose(sight());
    live.look(look(4));
    expect(strength()).toBeNull();
  });

  test('a map lies over grey stand-ins, and never shows where the enlargement is wanted', () => {
    const { live, deliver } = start();
    live.choose(sight());
    live.look(look(4));
    deliver('overview');
    deliver('lens');
    live.choose(sight({ shows: 'invented' }));
    live.look(look(4));
    expect(new Set(live.plan(look(4), 0).map((quad) => quad.shading))).toEqual(new Set(['grey']));
    deliver('lens', 255, () => 0);
    const mapped = live.plan(look(4), 0).map((quad) => quad.shading);
    expect(mapped.lastIndexOf('grey')).toBe(mapped.indexOf('map') - 1);
    live.choose(sight());
    live.look(look(4));
    expect(new Set(live.plan(look(4), 0).map((quad) => quad.shading))).toEqual(new Set(['plain']));
  });

  test('transparent tiles are premultiplied before they are drawn, opaque ones untouched', () => {
    const clear = start();
    clear.live.choose(sight({ photo: photoInfo({ alpha: true }) }));
    clear.live.look(look(4));
    clear.deliver('lens', 51);
    expect([...clear.uploaded[0]!.subarray(0, 4)]).toEqual([40, 40, 40, 51]);
    const opaque = start();
    opaque.live.choose(sight());
    opaque.live.look(look(4));
    opaque.deliver('lens');
    expect([...opaque.uploaded[0]!.subarray(0, 4)]).toEqual([200, 200, 200, 255]);
  });

  test('starting over frees every picture and asks for all anew', () => {
    const { live, deliver, last, uploaded, freed } = start();
    live.choose(sight());
    live.look(look(4));
    deliver('lens');
    deliver('overview');
    const before = last('lens')!.tiles.length;
    live.startOver();
    expect(freed()).toBe(uploaded.length);
    live.look(look(4));
    expect(last('lens')!.tiles).toHaveLength(before);
  });

  test('a closed photo leaves nothing behind', () => {
    const { live, deliver, uploaded, freed } = start();
    live.choose(sight());
    live.look(look(4));
    deliver('lens');
    live.choose(null);
    live.forgetPhoto('photo-1');
    expect(freed()).toBe(uploaded.length);
    expect(live.plan(look(4), 0)).toEqual([]);
  });
});
