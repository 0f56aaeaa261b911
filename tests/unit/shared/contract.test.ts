import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import {
  callMessageSchema,
  engineEventSchema,
  isEngineCall,
  isPageCall,
  isPageDoorCall,
  LAYERS_MAX,
  pageCalls,
  readParams,
  settingsSchema,
  TILES_MAX,
} from '../../../src/shared/contract';
import { FaultError, faultOf, type Fault } from '../../../src/shared/faults';

function faultFrom(run: () => unknown): Fault {
  try {
    run();
  } catch (error) {
    return faultOf(error);
  }
  throw new Error('expected a fault, nothing was thrown');
}

const enlargement = { photo: 'photo-1', method: { id: 'bicubic' }, scale: 2.5, options: {} };
const order = {
  enlargement,
  encoding: { format: 'png' },
  output: { path: '/tmp/out.png', overwrite: false },
};

describe('readParams', () => {
  it('fills in what a caller may leave out', () => {
    expect(readParams('job:start', { kind: 'upscale', order })).toEqual({
      kind: 'upscale',
      order: {
        ...order,
        enlargement: { ...enlargement, options: { ensemble: false, consistent: false } },
        device: 'auto',
      },
    });
  });

  it.each([
    ['enlargement.scale', { enlargement: { ...enlargement, scale: 0 } }],
    ['enlargement.scale', { enlargement: { ...enlargement, scale: 31 } }],
    ['enlargement.scale', { enlargement: { ...enlargement, scale: NaN } }],
    ['enlargement.scale', { enlargement: { ...enlargement, scale: '2' } }],
    ['enlargement.photo', { enlargement: { ...enlargement, photo: '../etc/passwd' } }],
    [
      'enlargement.region.width',
      { enlargement: { ...enlargement, region: { x: 0, y: 0, width: 0, height: 5 } } },
    ],
    [
      'enlargement.region.x',
      { enlargement: { ...enlargement, region: { x: -1, y: 0, width: 4, height: 5 } } },
    ],
    [
      'enlargement.region.y',
      { enlargement: { ...enlargement, region: { x: 0, y: 0.5, width: 4, height: 5 } } },
    ],
    ['encoding.format', { encoding: { format: 'bmp' } }],
    ['encoding.quality', { encoding: { format: 'jpeg', quality: 101 } }],
    ['device', { device: 'toaster' }],
    ['output.path', { output: { path: '', overwrite: true } }],
  ])('names the field that is wrong: %s in %o', (field, change) => {
    const fault = faultFrom(() =>
      readParams('job:start', { kind: 'upscale', order: { ...order, ...change } }),
    );
    expect(fault.code).toBe('bad-message');
    expect(fault.message).toContain(`call job:start; order.${field}: expected`);
    expect(fault.message).toContain('received');
  });

  it('refuses what is no object at all', () => {
    for (const params of [undefined, null, 'text', 7]) {
      expect(faultFrom(() => readParams('photo:sample', params)).code).toBe('bad-message');
    }
  });

  it('bounds what a view may want', () => {
    const layer = {
      enlargement: { photo: 'photo-2', method: { id: 'bicubic' }, scale: 0.25, options: {} },
      shows: 'enlargement',
    };
    const tile = { layer: 0, x: 0, y: 0, width: 256, height: 256 };
    const want = { revision: 0, display: 'srgb', layers: [layer], tiles: [tile] };
    expect(readParams('view:want', want).tiles).toHaveLength(1);
    const wide = { ...want, tiles: [{ ...tile, width: 1025 }] };
    expect(faultFrom(() => readParams('view:want', wide)).message).toContain('tiles.0.width');
    const many = { ...want, tiles: Array.from({ length: TILES_MAX + 1 }, () => tile) };
    expect(faultFrom(() => readParams('view:want', many)).code).toBe('bad-message');
    const layers = { ...want, layers: Array.from({ length: LAYERS_MAX + 1 }, () => layer) };
    expect(faultFrom(() => readParams('view:want', layers)).code).toBe('bad-message');
    const small = { ...layer, enlargement: { ...layer.enlargement, scale: 1 / 2000 } };
    expect(faultFrom(() => readParams('view:want', { ...want, layers: [small] })).code).toBe('bad-message');
  });
});

describe('calls', () => {
  it('that hold paths are not for pages', () => {
    for (const call of ['photo:open', 'job:start', 'job:resume', 'job:place']) {
      expect([isEngineCall(call), isPageCall(call)]).toEqual([true, false]);
    }
    expect(Object.keys(pageCalls).every(isPageCall)).toBe(true);
    expect(isPageDoorCall('door:export')).toBe(true);
  });

  it('are found by their own names only', () => {
    for (const name of ['toString', '__proto__', 'constructor', '', 'photo:Open']) {
      expect([isEngineCall(name), isPageCall(name), isPageDoorCall(name)]).toEqual([false, false, false]);
    }
  });

  it('travel in an envelope whose parameters are read later', () => {
    const message = { client: 'tab-1', id: 4, call: 'view:want', params: { any: 'thing' } };
    expect(v.parse(callMessageSchema, message)).toEqual(message);
    expect(v.safeParse(callMessageSchema, { ...message, id: -1 }).success).toBe(false);
    expect(v.safeParse(callMessageSchema, { ...message, client: '' }).success).toBe(false);
  });
});

describe('events and settings', () => {
  it('a tile carries bytes, a progress may not know the time left', () => {
    const tile = { x: 0, y: 0, width: 1, height: 1 };
    const event = {
      event: 'view:tile',
      layer: 'photo-1 whole',
      revision: 1,
      tile,
      pixels: Uint8Array.of(1, 2, 3, 255),
    };
    expect(v.parse(engineEventSchema, event)).toEqual(event);
    expect(v.safeParse(engineEventSchema, { ...event, pixels: [1, 2, 3, 255] }).success).toBe(false);
    const progress = {
      event: 'job:progress',
      job: 'j',
      stage: 'enlarge',
      done: 1,
      total: 9,
      secondsLeft: null,
    };
    expect(v.parse(engineEventSchema, progress)).toEqual(progress);
  });

  it('settings have a default for everything', () => {
    expect(v.parse(settingsSchema, {})).toMatchObject({ theme: 'system', language: 'system', scale: 4 });
  });
});

describe('faultOf', () => {
  it('keeps a fault, knows an abort, and calls the rest internal with its details', () => {
    const fault = new FaultError('disk-full', 'The disk is full.', { file: 'a.png' });
    expect(faultOf(fault)).toEqual({ code: 'disk-full', message: 'The disk is full.', file: 'a.png' });
    expect(faultOf(new DOMException('stop', 'AbortError')).code).toBe('stopped');
    expect(faultOf(new TypeError('oops'))).toMatchObject({
      code: 'internal',
      detail: expect.stringContaining('oops') as string,
    });
    expect(faultOf('text')).toMatchObject({ code: 'internal', detail: 'text' });
  });
});
