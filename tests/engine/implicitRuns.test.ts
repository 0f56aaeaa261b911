import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FeatureCache } from '../../src/engine/methods/implicit/featureCache';
import { photoOf } from '../../src/engine/photos/memoryPhoto';
import type { Method } from '../../src/engine/methods/method';
import type { RunSettings } from '../../src/engine/runtime/runSettings';
import { loadCatalogue } from '../../src/engine/methods/loadCatalogue';
import type { Network, Runtime } from '../../src/engine/runtime/runtime';
import { pixelsInPlace } from '../../src/engine/pixels/pixels';
import { raster, type Raster } from '../../src/engine/kernels/raster';
import { onnxRuntime } from '../../src/engine/runtime/onnxRuntime';
import { rect, type Rect } from '../../src/shared/geometry';
import { bilinearDecoder, convolution, photoAgain, writeImplicit } from '../fixtures/implicitModels';
import { largestDifference } from '../unit/seeded';
import { enlarge, onCpu, runnersOn } from './methodSet';
import {
  STEP,
  KERNEL,
  resources,
  counting,
  watched,
  loaded,
  plainMethod,
  expected,
  picture,
  wholeAt,
} from './implicitSet';

describe('a part of the photo to which nobody comes back', () => {
  const SECOND = [0.01, -0.04, 0.12, 0.06, 0.55, -0.07, 0.15, 0.03, 0.09];
  const files = {
    source: [convolution(KERNEL), convolution(SECOND)],
    headReach: 1,
    decoder: bilinearDecoder(),
  };
  /** Further than two convolutions see, so that large parts are worth their while. */
  const reach = { receptiveField: { before: 8, after: 8, exact: true } } as const;
  const once = (
    method: Method,
    of: Raster,
    scale: number,
    output: Rect<'output'>,
    runSettings: RunSettings = onCpu,
  ): Promise<Raster> => {
    const { signal } = new AbortController();
    const order = { photo: photoOf(of, 'test'), scale, output, runSettings, signal, once: true };
    return method.enlarge(order, { to: 'raster' });
  };
  /** Larger than what the last graph is given at once. */
  const of = picture(290, 150);

  it('is made in one run of the first graph, and the last one makes features of it in parts', async () => {
    await writeImplicit(resources, 'plain', files, reach);
    const runtime = counting();
    const { catalogue, features } = await loaded(runtime);
    const method = catalogue.get('plain');
    for (const [scale, output] of [
      [1.3, wholeAt(of, 1.3)],
      [2, rect<'output'>(37, 1, 533, 299)],
      [7.7, rect<'output'>(2000, 900, 233, 255)],
    ] as const) {
      runtime.ran.length = 0;
      const made = await once(method, of, scale, output);
      expect(runtime.ran.filter((file) => file === 'encoder.onnx')).toHaveLength(1);
      expect(features.bytes).toBe(0);
      if (scale < 7) expect(runtime.ran.filter((file) => file === '1.onnx')).toHaveLength(6);
      const looked = await enlarge(method, photoOf(of, 'looked'), scale, output);
      expect(largestDifference(made.data, looked.data)).toBeLessThan(1e-5);
      features.clear();
    }
  });

  it('has the same pixels without a graph that runs by itself, and in eight orientations', async () => {
    await writeImplicit(resources, 'parted', files, reach);
    await writeImplicit(resources, 'whole', { source: files.source, decoder: files.decoder }, reach);
    const { catalogue } = await loaded();
    const output = rect<'output'>(11, 23, 305, 290);
    for (const runSettings of [onCpu, { ...onCpu, ensemble: true }]) {
      const [parted, whole] = [
        await once(catalogue.get('parted'), of, 2.1, output, runSettings),
        await once(catalogue.get('whole'), of, 2.1, output, runSettings),
      ];
      const looked = await enlarge(catalogue.get('parted'), photoOf(of, 'l'), 2.1, output, runSettings);
      expect(largestDifference(parted.data, looked.data)).toBeLessThan(1e-5);
      expect(largestDifference(whole.data, looked.data)).toBeLessThan(1e-5);
    }
  });

  it('is shown to a last graph that asks for it, which sees its own part', async () => {
    await writeImplicit(
      resources,
      'seeing',
      { ...files, source: [convolution(KERNEL), photoAgain()] },
      reach,
    );
    const plain = { source: [convolution([0, 0, 0, 0, 1, 0, 0, 0, 0])], decoder: files.decoder };
    await writeImplicit(resources, 'plain', plain, reach);
    const { catalogue } = await loaded();
    const output = rect<'output'>(37, 1, 533, 299);
    const [seen, direct] = [
      await once(catalogue.get('seeing'), of, 2, output),
      await once(catalogue.get('plain'), of, 2, output),
    ];
    expect(largestDifference(seen.data, direct.data)).toBeLessThan(1e-6);
  });

  it('is given no more of the photo mirrored beyond its border than changes it', async () => {
    const measured = { overlap: 8, step: 0, border: { overlap: 3, step: 0.5 } };
    const bordered = { receptiveField: { before: 8, after: 8, exact: true, measured } } as const;
    await writeImplicit(resources, 'plain', files, reach);
    await writeImplicit(resources, 'bordered', files, bordered);
    const [runtime, small] = [counting(), picture(41, 37)];
    const { catalogue } = await loaded(runtime);
    const output = wholeAt(small, 2);
    const made = [];
    for (const [id, shape] of [
      ['plain', [1, 3, 37 + 18, 41 + 18]],
      ['bordered', [1, 3, 37 + 6, 41 + 6]],
    ] as const) {
      for (const look of [false, true]) {
        runtime.shapes.length = 0;
        const method = catalogue.get(id);
        const byView = (): Promise<Raster> => enlarge(method, photoOf(small, id), 2, output);
        made.push(await (look ? byView() : once(method, small, 2, output)));
        expect(runtime.shapes[0]).toEqual(shape);
      }
    }
    for (const other of made) expect(largestDifference(other.data, made[0]!.data)).toBeLessThan(1e-5);
  });

  it('gets smaller runs where memory is short, with a word', async () => {
    await writeImplicit(resources, 'plain', files, reach);
    const short: Runtime = {
      ...onnxRuntime,
      async open(model, device) {
        const network = await onnxRuntime.open(model, device);
        return {
          inputs: network.inputs,
          outputs: network.outputs,
          run: (...given) => network.run(...given),
          release: () => network.release(),
          evaluate(offered, outputs) {
            const given = (offered.input ?? offered.features)!.data.length;
            if (given > 3 * 100 * 100) return Promise.reject(new Error('out of memory'));
            return network.evaluate(offered, outputs);
          },
        };
      },
    };
    const { catalogue, notices } = await loaded(short);
    const small = picture(150, 90);
    const output = wholeAt(small, 2);
    const made = await once(catalogue.get('plain'), small, 2, output);
    const looked = await enlarge((await loaded()).catalogue.get('plain'), photoOf(small, 'l'), 2, output);
    expect(largestDifference(made.data, looked.data)).toBeLessThan(1e-5);
    expect(notices).toContain('Memory was short on cpu: plain goes on in tiles of 76 pixels.');
  });

  it('leaves nobody waiting after it was stopped', async () => {
    const method = await plainMethod();
    const signal = AbortSignal.abort();
    const order = { photo: photoOf(of, 'test'), scale: 2, output: wholeAt(of, 2), runSettings: onCpu };
    await expect(method.enlarge({ ...order, signal, once: true }, { to: 'raster' })).rejects.toThrow(/abort/);
  });
});

describe('a decoder that is separable', () => {
  const bundled = join(import.meta.dirname, '../../resources');

  it.each([
    ['enlarger', {}],
    ['enlarger-fast', {}],
    ['enlarger-photo', {}],
    ['enlarger-photo', { denoise: 0.2, strength: 0.9 }],
  ] as const)('of %s has the pixels of its graph with the controls %o', async (id, controls) => {
    const runSettings = { ...onCpu, ...controls };
    const runtime = counting();
    const runners = await runnersOn(runtime);
    const catalogue = await loadCatalogue(
      { resources: bundled, userModels: undefined },
      { ...runners, pixels: pixelsInPlace, features: new FeatureCache(), exact: false },
    );
    const method = catalogue.get(id);
    const of = picture(41, 37);
    for (const [scale, output] of [
      [2.7, wholeAt(of, 2.7)],
      [11, rect<'output'>(3, 200, 77, 95)],
    ] as const) {
      runtime.ran.length = 0;
      const summed = await enlarge(method, photoOf(of, 'view'), scale, output, runSettings);
      expect(runtime.ran).not.toContain('decoder.onnx');
      const { signal } = new AbortController();
      const order = { photo: photoOf(of, 'job'), scale, output, runSettings, signal, once: true };
      const byGraph = await method.enlarge(order, { to: 'raster' });
      expect(runtime.ran).toContain('decoder.onnx');
      expect(largestDifference(summed.data, byGraph.data)).toBeLessThan(STEP / 10);
    }
  });

  it('is its graph where exactness is wanted, and no sum of whole numbers', async () => {
    const runtime = counting();
    const catalogue = await loadCatalogue(
      { resources: bundled, userModels: undefined },
      { ...(await runnersOn(runtime)), pixels: pixelsInPlace, features: new FeatureCache(), exact: true },
    );
    const photo = photoOf(picture(12, 10), 'view');
    await enlarge(catalogue.get('enlarger-fast'), photo, 3, rect<'output'>(0, 0, 36, 30), onCpu);
    expect(runtime.ran).toContain('decoder.onnx');
    expect(runtime.ran).not.toContain('basis.onnx');
  });

  it('is summed anew where a control moves, and no graph of the photo runs again', async () => {
    const runtime = counting();
    const catalogue = await loadCatalogue(
      { resources: bundled, userModels: undefined },
      { ...(await runnersOn(runtime)), pixels: pixelsInPlace, features: new FeatureCache(), exact: false },
    );
    const method = catalogue.get('enlarger-photo');
    const of = picture(41, 37);
    const photo = photoOf(of, 'view');
    const at = (strength: number): Promise<Raster> =>
      enlarge(method, photo, 2.7, wholeAt(of, 2.7), { ...onCpu, strength });
    const before = await at(0);
    runtime.ran.length = 0;
    const turned = await at(1);
    expect([...new Set(runtime.ran)]).toEqual(['basis.onnx']);
    expect(largestDifference(turned.data, before.data)).toBeGreaterThan(STEP);
    expect((await at(0)).data).toEqual(before.data);
  });
});

describe('a decoder with a quicker form for the CPU', () => {
  it('runs in it there, unless exactness is wanted', async () => {
    const decoder = bilinearDecoder();
    await writeImplicit(resources, 'quick', {
      source: [convolution(KERNEL)],
      decoder,
      onCpu: bilinearDecoder(),
    });
    for (const exact of [false, true]) {
      const runtime = counting();
      const method = (await loaded(runtime, new FeatureCache(), exact)).catalogue.get('quick');
      await enlarge(method, photoOf(picture(20, 20), 'test'), 2, rect(0, 0, 40, 40));
      expect(runtime.ran.at(-1)).toBe(exact ? 'decoder.onnx' : 'int8.onnx');
    }
  });
});

describe('features', () => {
  it('are made once, whatever scale and region is looked at', async () => {
    await writeImplicit(resources, 'plain', { source: [convolution(KERNEL)], decoder: bilinearDecoder() });
    const runtime = counting();
    const method = (await loaded(runtime)).catalogue.get('plain');
    const photo = photoOf(picture(120, 100), 'test');
    const sources = (): number => runtime.ran.filter((file) => file === 'encoder.onnx').length;
    await enlarge(method, photo, 2, rect(0, 0, 240, 200));
    expect(sources()).toBe(1); // all sixteen tiles in one run
    await enlarge(method, photo, 7.3, rect(100, 300, 400, 400));
    await enlarge(method, photo, 30, rect(1000, 1000, 300, 300));
    expect(sources()).toBe(1);
    await enlarge(method, photoOf(picture(120, 100), 'another'), 2, rect(0, 0, 10, 10));
    expect(sources()).toBe(2);
  });

  it('that two callers want at once are made for both', async () => {
    await writeImplicit(resources, 'plain', { source: [convolution(KERNEL)], decoder: bilinearDecoder() });
    const runtime = counting();
    const method = (await loaded(runtime)).catalogue.get('plain');
    const photo = photoOf(picture(50, 50), 'test');
    await Promise.all([70, 85, 100].map((width) => enlarge(method, photo, 2, rect(0, 0, width, 100))));
    expect(runtime.ran.filter((file) => file === 'encoder.onnx')).toHaveLength(1);
  });

  it('stay within their memory, whose bound changes no pixel', async () => {
    await writeImplicit(resources, 'plain', { source: [convolution(KERNEL)], decoder: bilinearDecoder() });
    const small = new FeatureCache(120_000); // nine tiles of 33 x 33 x 3 floats
    const { catalogue, features } = await loaded(onnxRuntime, small);
    const of = picture(300, 200);
    const output = wholeAt(of, 1.5);
    const made = await enlarge(catalogue.get('plain'), photoOf(of, 'test'), 1.5, output);
    expect(features.bytes).toBeGreaterThan(0);
    expect(features.bytes).toBeLessThanOrEqual(120_000);
    expect(largestDifference(made.data, expected(of, 1.5, output).data)).toBeLessThan(1e-5);
  });

  it('of a region in a large photo are read from around it alone', async () => {
    const method = await plainMethod();
    const { info } = photoOf(picture(1, 1), 'large');
    const { photo, reads } = watched({
      ...photoOf(picture(1, 1), 'large'),
      info: { ...info, width: 4000, height: 3000 },
      read: ({ width, height }) =>
        Promise.resolve(raster(width, height, 3, new Float32Array(3 * width * height).fill(0.5))),
    });
    const made = await enlarge(method, photo, 30, rect(60_000, 45_000, 200, 200));
    expect(reads.every(({ width, height }) => width <= 80 && height <= 80)).toBe(true);
    const sum = KERNEL.reduce((all, weight) => all + weight, 0);
    expect(made.data.every((value) => Math.abs(value - 0.5 * sum) < 1e-5)).toBe(true);
  });
});

describe('the devices of an implicit method', () => {
  const files = { source: [convolution(KERNEL)], decoder: bilinearDecoder() };
  const runSettings: RunSettings = { ...onCpu, device: 'auto' };
  const of = picture(150, 90);
  const output = rect<'output'>(10, 20, 250, 150);
  const right = expected(of, 2, output);

  /** The real graphs on every device; `spoil` changes what one makes, or throws. */
  function devicesOf(
    spoil: (file: string, device: string, values: Float32Array) => void,
  ): Runtime & { readonly ran: string[] } {
    const ran: string[] = [];
    return {
      version: 'fake',
      devices: ['cpu', 'webgpu'],
      ran,
      probe: () => Promise.resolve(),
      async open(model, device) {
        const network = await onnxRuntime.open(model, 'cpu');
        return {
          inputs: network.inputs,
          outputs: network.outputs,
          run: (...given) => network.run(...given),
          release: () => network.release(),
          async evaluate(offered, outputs) {
            ran.push(device);
            // The clock is real, so the slower device is the one that does everything more often.
            if (device === 'cpu') for (let i = 0; i < 40; i++) await network.evaluate(offered, outputs);
            spoil(model.path.replace(/^.*[/-]/, ''), device, inputOf(offered));
            const made = await network.evaluate(offered, outputs);
            for (const { data } of made.values()) spoil('result', device, data);
            return made;
          },
        };
      },
    };
  }
  const inputOf = (offered: Parameters<Network['evaluate']>[0]): Float32Array => {
    const { data } = (offered.input ?? offered.features)!;
    return data as Float32Array;
  };
  const on = async (runtime: Runtime) => {
    await writeImplicit(resources, 'plain', files);
    const { catalogue, notices } = await loaded(runtime);
    return { method: catalogue.get('plain'), notices };
  };

  it('are used where all graphs together give the picture of the CPU, and faster', async () => {
    const runtime = devicesOf(() => undefined);
    const { method, notices } = await on(runtime);
    const made = await enlarge(method, photoOf(of, 'test'), 2, output, runSettings);
    expect(runtime.ran.at(-1)).toBe('webgpu');
    expect(largestDifference(made.data, right.data)).toBeLessThan(1e-5);
    expect(notices).toEqual([]);
  });

  it('are left where they give another picture', async () => {
    const runtime = devicesOf((file, device, values) => {
      if (file === 'result' && device === 'webgpu') values[values.length >> 1]! += 0.1;
    });
    const { method, notices } = await on(runtime);
    const made = await enlarge(method, photoOf(of, 'test'), 2, output, runSettings);
    expect(runtime.ran.at(-1)).toBe('cpu');
    expect(largestDifference(made.data, right.data)).toBeLessThan(1e-5);
    expect(notices.join(' ')).toMatch(/WebGPU.*is not used for plain: it differs from the CPU/);
  });

  it('are dropped where they fail in the middle of a photo, and the CPU goes on', async () => {
    let [encoded, decoded] = [0, 0];
    const runtime = devicesOf((file, device) => {
      if (device !== 'webgpu') return;
      if (file === 'encoder.onnx') encoded += 1;
      // Three pictures are its trial's; then some of this photo goes well.
      if (file === 'decoder.onnx' && encoded > 3 && ++decoded > 2) throw new Error('device lost');
    });
    const { method, notices } = await on(runtime);
    const made = await enlarge(method, photoOf(of, 'test'), 2, output, runSettings);
    expect(runtime.ran.at(-1)).toBe('cpu');
    expect(largestDifference(made.data, right.data)).toBeLessThan(1e-5);
    expect(notices.join(' ')).toContain('is not used for plain: it failed while running: device lost.');
  });

  it('that are short of memory get smaller parts of the photo, with a word', async () => {
    const runtime = devicesOf((file, _, values) => {
      if (file === 'encoder.onnx' && values.length > 3 * 70 * 70) throw new Error('out of memory');
    });
    const { method, notices } = await on(runtime);
    const made = await enlarge(method, photoOf(of, 'test'), 2, output);
    expect(largestDifference(made.data, right.data)).toBeLessThan(1e-5);
    expect(notices).toContain('Memory was short on cpu: plain goes on in tiles of 64 pixels.');
  });

  it('of which none can do it are a fault', async () => {
    const runtime = devicesOf((file) => {
      if (file === 'decoder.onnx') throw new Error('out of memory');
    });
    const { method } = await on(runtime);
    await expect(enlarge(method, photoOf(of, 'test'), 2, output)).rejects.toMatchObject({
      fault: { code: 'device-failed', detail: 'out of memory' },
    });
  });
});
