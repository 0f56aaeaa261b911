import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluationJson, readEvaluationJson } from '../../src/shared/evaluationFile';
import { listImages } from '../../src/engine/codec/read/listImages';
import { openPhoto } from '../../src/engine/codec/read/open';
import { readWhole } from '../../src/engine/codec/read/readWhole';
import { compareFiles } from '../../src/engine/jobs/metrics';
import { evaluateKind, type EvaluateParts } from '../../src/engine/jobs/evaluate/evaluate';
import { LiveEvaluations } from '../../src/engine/jobs/evaluate/liveEvaluations';
import type { EvaluateFiles } from '../../src/engine/jobs/evaluate/originals';
import { extremeOf, evaluationCrop } from '../../src/engine/jobs/evaluate/crop';
import { CROP_SIDE } from '../../src/engine/jobs/cropPixels';
import { OpenPhotos } from '../../src/engine/photos/openPhotos';
import { Queue } from '../../src/engine/schedule/queue';
import type { FilePhoto } from '../../src/engine/codec/read/open';
import type { JobOrder, Evaluation } from '../../src/shared/contract';
import { PLAIN_OPTIONS } from '../../src/shared/enlargement';
import { wholeOf } from '../../src/shared/geometry';
import { planTiles, tileCount } from '../../src/shared/tiles';
import type { LastingJob } from '../../src/engine/jobs/job';
import { ModelMethod } from '../../src/engine/methods/modelMethod';
import { NO_GAUGES } from '../../src/engine/metrics/gauges';
import { Lpips, loadLpips } from '../../src/engine/metrics/lpips';
import type { ModelRef } from '../../src/engine/onnx/modelRef';
import { onnxRuntime } from '../../src/engine/runtime/onnxRuntime';
import { openGraph as openGraphIn } from '../../src/engine/runtime/openGraph';
import type { Graph } from '../../src/engine/runtime/runtime';
import { SessionPool } from '../../src/engine/runtime/sessionPool';
import { pictureFields, tiffOf } from '../fixtures/tiffs';
import { lastingJob } from './lastingJob';
import { methodsOn } from './methodSet';

const sessions = new SessionPool(onnxRuntime);
const openGraph = (model: ModelRef): Promise<Graph> => openGraphIn(sessions, model);

const bench = resolve(import.meta.dirname, '../../../shared/data/bench');
const hasBench = existsSync(join(bench, 'Set5'));
const lpipsWeights = join(bench, '../metrics/lpips_alex.npz');
const hasLpips = existsSync(lpipsWeights);

const job = lastingJob();

/** What an evaluation of a folder has no use for. */
const apart = {
  live: new LiveEvaluations(),
  photos: {
    lease: (): never => {
      throw new Error('no photo is open');
    },
  },
};

async function evaluate(
  order: JobOrder<'evaluate'>,
  lasting: LastingJob,
  parts: Omit<EvaluateParts, 'version' | 'photos' | 'live'> & Partial<EvaluateParts>,
): Promise<Evaluation & { results: Evaluation['scales'][number]['results'] }> {
  const kind = evaluateKind({ ...apart, ...parts, version: '1.0.0' });
  const work = await kind.begin(order, { id: 'test' }, () => Promise.resolve('/nowhere'));
  const found = await work.run(lasting);
  return { ...found, results: found.scales[0]!.results };
}

let folder: string;
let files: EvaluateFiles;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'enlarger-evaluate-'));
  files = {
    listImages,
    readWhole: (path, _signal, page) => readWhole(path, { scratchFolder: folder, page }),
  };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** As where LPIPS is not installed. */
const gauges = NO_GAUGES;

const order = (
  dataset: string,
  scale: number | number[],
  methods: string[],
  protocol: 'y' | 'rgb' = 'y',
) => ({
  dataset,
  scales: [scale].flat(),
  methods: methods.map((id) => ({ id })),
  protocol,
  options: PLAIN_OPTIONS,
  device: 'cpu' as const,
});

describe.skipIf(!hasBench)('evaluation on Set5 (skipped where ../shared/data/bench is not there)', () => {
  it.each([
    [2, 33.67],
    [3, 30.4],
    [4, 28.43],
  ])('gives MATLAB figure of bicubic at x%d', async (scale, expected) => {
    const catalogue = await methodsOn();
    const found = await evaluate(order(join(bench, 'Set5'), scale, ['bicubic']), job, {
      catalogue,
      files,
      gauges,
    });
    expect(found.results[0]!.images).toHaveLength(5);
    expect(Math.abs(found.results[0]!.mean.psnrY - expected)).toBeLessThan(0.01);
  });

  // training/tests/test_evaluate.py states the same of the training's own measuring.
  it.skipIf(!hasLpips).each([
    [4, 'y', { psnrY: 28.43, ssimY: 0.8112, lpips: 0.344 }],
    [4, 'rgb', { psnrRgb: 26.717, lpips: 0.343 }],
    [12, 'y', { psnrY: 22.562, lpips: 0.632 }],
  ] as const)('measures as the training does, x%d by protocol %s', async (scale, protocol, expected) => {
    const parts = {
      catalogue: await methodsOn(),
      files,
      gauges: { openLpips: () => loadLpips(lpipsWeights, openGraph) },
    };
    const { results } = await evaluate(order(join(bench, 'Set5'), scale, ['bicubic'], protocol), job, parts);
    for (const [name, figure] of Object.entries(expected)) {
      const found = results[0]!.mean[name as keyof (typeof results)[0]['mean']]!;
      expect(Math.abs(found - figure), name).toBeLessThan(name.startsWith('psnr') ? 0.005 : 0.001);
    }
  });

  it('gives the figures of the manifests', async () => {
    const catalogue = await methodsOn();
    const methods = catalogue.all.filter(
      (method) => method instanceof ModelMethod && method.card.weights < 200_000,
    );
    const scale = 3;
    const ids = methods.map(({ id }) => id);
    const found = await evaluate(order(join(bench, 'Set5'), scale, ids), job, {
      catalogue,
      files,
      gauges,
    });
    for (const { method, mean } of found.results) {
      const figure = catalogue.get(method).card.psnrY['Set5']?.[`x${scale}`];
      if (figure === undefined) continue; // not trained for this scale yet
      expect(Math.abs(mean.psnrY - figure), method).toBeLessThan(0.011);
    }
  });
});

describe('evaluation', () => {
  it('crops to a multiple of the scale and scores grey as grey', async () => {
    const set = await mkdtemp(join(folder, 'set-'));
    const pixels = Buffer.from(Array.from({ length: 51 * 38 }, (_, i) => (i * 37) & 255));
    await sharp(pixels, { raw: { width: 51, height: 38, channels: 1 } })
      .toColourspace('b-w')
      .png()
      .toFile(join(set, 'grey.png'));
    const catalogue = await methodsOn();
    const { results } = await evaluate(order(set, 4, ['bicubic', 'nearest']), job, {
      catalogue,
      files,
      gauges,
    });
    expect(results.map(({ method }) => method)).toEqual(['bicubic', 'nearest']);
    for (const { images, mean } of results) {
      expect(images[0]!.file).toBe('grey.png');
      expect(mean.psnrY).toBeGreaterThan(5);
      expect(mean.psnrY).toBeLessThan(20);
    }
  });

  it('cuts the border of its protocol, and has a mean of LPIPS only where every picture has one', async () => {
    const set = await mkdtemp(join(folder, 'protocols-'));
    for (const [name, side] of [
      ['a.png', 40],
      ['b.png', 60],
    ] as const) {
      const pixels = Buffer.from(Array.from({ length: side * side * 3 }, (_, i) => (i * i * 29) & 255));
      await sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
        .png()
        .toFile(join(set, name));
    }
    const catalogue = await methodsOn();
    const borders: number[] = [];
    // A network of which only the place is of interest.
    const lpips = new Lpips({
      run: () => Promise.reject(new Error('not run')),
      release: () => Promise.resolve(),
    });
    lpips.distance = (reference, _, border) => {
      borders.push(border);
      return Promise.resolve(reference.width < 50 ? null : 0.5);
    };
    const parts = { catalogue, files, gauges: { openLpips: () => Promise.resolve(lpips) } };
    for (const protocol of ['y', 'rgb'] as const) {
      const { results } = await evaluate(order(set, 2, ['bicubic'], protocol), job, parts);
      const [{ mean, images }] = results as [(typeof results)[0]];
      expect(images.map((one) => one.lpips)).toEqual([null, 0.5]);
      expect(mean.lpips).toBeNull();
      expect('psnrRgb' in mean).toBe(protocol === 'rgb');
      const rgb = images.map(({ psnrRgb }) => psnrRgb ?? 0);
      if (protocol === 'rgb') expect(mean.psnrRgb).toBeCloseTo((rgb[0]! + rgb[1]!) / 2, 9);
    }
    expect(borders).toEqual([2, 2, 8, 8]);
  });

  const drawn = async (set: string, name: string, width: number, height: number): Promise<void> => {
    const pixels = Buffer.from(
      Array.from({ length: width * height * 3 }, (_, i) => 128 + 90 * Math.sin(i / 40) + ((i * 29) & 31)),
    );
    await sharp(pixels, { raw: { width, height, channels: 3 } })
      .png()
      .toFile(join(set, name));
  };

  it('goes on past pictures that are damaged, no pictures, or too small for a scale, and names them', async () => {
    const set = await mkdtemp(join(folder, 'mixed-'));
    await drawn(set, 'a.png', 64, 48);
    await drawn(set, 'b.png', 16, 9);
    await writeFile(join(set, 'c.png'), 'no picture');
    const whole = await sharp({ create: { width: 90, height: 70, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    await writeFile(join(set, 'd.png'), whole.subarray(0, whole.length / 2));
    await drawn(set, 'e.png', 40, 60);
    await writeFile(join(set, 'f.psd'), '');
    const parts = { catalogue: await methodsOn(), files, gauges };
    const found = await evaluate(order(set, [2, 4], ['bicubic', 'nearest']), lastingJob(), parts);
    const measured = found.scales.map(({ scale, results }) => [
      scale,
      results.map(({ method, n, images }) => [method, n, images.map(({ file }) => file)]),
    ]);
    expect(measured).toEqual([
      [
        2,
        [
          ['bicubic', 3, ['a.png', 'b.png', 'e.png']],
          ['nearest', 3, ['a.png', 'b.png', 'e.png']],
        ],
      ],
      [
        4,
        [
          ['bicubic', 2, ['a.png', 'e.png']],
          ['nearest', 2, ['a.png', 'e.png']],
        ],
      ],
    ]);
    expect(found.failures.map(({ file, scale }) => [file, scale])).toEqual([
      ['b.png', 4],
      ['c.png', undefined],
      ['d.png', undefined],
    ]);
    expect(found.unread).toEqual(['f.psd']);
    expect(readEvaluationJson(JSON.stringify(evaluationJson(found)), 'e.json').unread).toEqual(['f.psd']);
    expect(found.failures[0]!.error).toMatch(/at least 9 x 9 pixels for x4 .*b\.png has 16 x 9/);
  });

  it('has means with deviations, and each method its seconds and memory', async () => {
    const set = await mkdtemp(join(folder, 'several-'));
    for (const [k, name] of ['a.png', 'b.png', 'c.png'].entries()) await drawn(set, name, 40 + 9 * k, 50);
    const parts = { catalogue: await methodsOn(), files, gauges };
    const { results } = await evaluate(order(set, 3, ['bicubic']), lastingJob(), parts);
    const [{ mean, deviation, images, seconds, peakMiB, n }] = results as [(typeof results)[0]];
    const values = images.map(({ psnrY }) => psnrY);
    const expected = values.reduce((sum, value) => sum + value, 0) / 3;
    expect(n).toBe(3);
    expect(mean.psnrY).toBeCloseTo(expected, 9);
    const squares = values.reduce((sum, value) => sum + (value - expected) ** 2, 0);
    expect(deviation['psnrY']).toBeCloseTo(Math.sqrt(squares / 2), 9);
    expect(deviation['lpips']).toBeUndefined();
    expect(mean.consistency).toBeGreaterThan(30);
    expect(seconds).toBeGreaterThan(0);
    expect(peakMiB).toBeGreaterThan(10);
  });

  it.each([2.5, 1.7, Math.PI])('measures at the real scale %d on whole pixels', async (scale) => {
    const set = await mkdtemp(join(folder, 'real-'));
    const waves = Array.from(
      { length: 101 * 83 },
      (_, i) => 128 + 90 * Math.sin((i % 101) / 4) * Math.cos(i / 101 / 5),
    );
    await sharp(Buffer.from(waves), { raw: { width: 101, height: 83, channels: 1 } })
      .png()
      .toFile(join(set, 'a.png'));
    const parts = { catalogue: await methodsOn(), files, gauges };
    const { results } = await evaluate(order(set, scale, ['bicubic']), lastingJob(), parts);
    // Half a pixel beside, waves of 25 pixels come to 25 dB.
    expect(results[0]!.mean.psnrY).toBeGreaterThan(33);
  });

  it('goes on with what is next after its engine ended, and knows what has changed', async () => {
    const set = await mkdtemp(join(folder, 'resumed-'));
    for (const name of ['a.png', 'b.png', 'c.png']) await drawn(set, name, 40, 30);
    await writeFile(join(set, 'd.png'), 'no picture');
    const parts = { catalogue: await methodsOn(), files, gauges };
    const asked = order(set, [2, 3], ['bicubic', 'nearest']);
    const kind = evaluateKind({ ...apart, ...parts, version: '1.0.0' });
    const marks: unknown[] = [];
    const whole = await evaluate(asked, lastingJob({ marks }), parts);
    expect(marks).toHaveLength(1 + 12 + 1);

    const { stored } = await kind.begin(asked, { id: 'test' }, () => Promise.resolve(''));
    const left = marks.slice(0, 6);
    const again = kind.revive!(JSON.parse(JSON.stringify(stored)), { folder: '' });
    expect(again.reached!(left)).toMatchObject({ done: 5, total: 16 });
    await again.check!(left);
    let read = 0;
    const counted = evaluateKind({
      ...apart,
      ...parts,
      version: '1.0.0',
      files: { ...files, readWhole: (...args) => (read++, files.readWhole(...args)) },
    });
    const resumed = await counted.revive!(stored, { folder: '' }).run(lastingJob({ marks: left }));
    expect(read).toBe(3); // the first was done
    const withoutTime = (found: Evaluation): unknown =>
      JSON.parse(
        JSON.stringify(found, (key, value: unknown) => (['seconds', 'peakMiB'].includes(key) ? 0 : value)),
      );
    expect(withoutTime({ ...resumed, results: resumed.scales[0]!.results } as Evaluation)).toEqual(
      withoutTime(whole),
    );

    await expect(
      evaluateKind({ ...apart, ...parts, version: '2.0.0' }).revive!(stored, { folder: '' }).check!(left),
    ).rejects.toThrow(/Expected Enlarger as .* when the evaluation of resumed-/);
    await drawn(set, 'b.png', 44, 30);
    await expect(again.check!(left)).rejects.toThrow(/Expected the pictures as/);
  });

  it('tells what is measured so far, of photos that are open too, whose names are told apart', async () => {
    const set = await mkdtemp(join(folder, 'open-'));
    const photos = new OpenPhotos<FilePhoto>();
    for (const [token, file] of [
      ['photo-a', 'a.png'],
      ['photo-b', 'b.png'],
    ] as const) {
      await drawn(set, file, 40, 30);
      const photo = await openPhoto(join(set, file), { name: 'same.png', scratchFolder: folder });
      await photos.add('test', token, photo);
    }
    const live = new LiveEvaluations();
    const reached: number[] = [];
    const lasting = {
      ...lastingJob(),
      progress: () => void reached.push(live.get('test').reached().scales[0]!.results[0]?.n ?? 0),
    };
    const parts = { catalogue: await methodsOn(), files, gauges, photos, live };
    const asked = { ...order('open photos', 2, ['bicubic']), photos: ['photo-a', 'photo-b'] };
    const found = await evaluate(asked, lasting, parts);
    expect(found.results[0]!.images.map(({ file }) => file)).toEqual(['same.png', 'same (2).png']);
    expect(reached).toEqual([0, 1, 2]);
    expect(live.get('test').reached().dataset).toBe('open photos');
    expect(() => live.get('other')).toThrow('measure again');
    await photos.closeAll('test');
  });

  it('measures the page of a file that is open', async () => {
    const pixels = Buffer.from(Array.from({ length: 40 * 30 }, (_, i) => (i * 37) & 255));
    const pages = [pictureFields(40, 30, 1), pictureFields(36, 20, 1)];
    const path = join(folder, 'pages.tif');
    await writeFile(path, tiffOf(pages, { pixels }));
    const photos = new OpenPhotos<FilePhoto>();
    await photos.add('test', 'photo-a', await openPhoto(path, { scratchFolder: folder, page: 2 }));
    const read: number[] = [];
    const seen: EvaluateFiles = {
      ...files,
      readWhole: async (...args) => {
        const picture = await files.readWhole(...args);
        read.push(picture.width);
        return picture;
      },
    };
    const parts = { catalogue: await methodsOn(), files: seen, gauges, photos, live: new LiveEvaluations() };
    await evaluate({ ...order('open photos', 2, ['bicubic']), photos: ['photo-a'] }, lastingJob(), parts);
    expect(read).toEqual([36]);
    await photos.closeAll('test');
  });

  it('opens a cell where a method did worst and where it did best', async () => {
    const set = await mkdtemp(join(folder, 'cells-'));
    // Flat but for a patch of noise in one picture, and of waves in the other.
    const paint = (file: string, value: (x: number, y: number) => number): Promise<unknown> => {
      const pixels = Buffer.from(
        Array.from({ length: 320 * 160 }, (_, i) => value(i % 320, Math.floor(i / 320)) & 255),
      );
      return sharp(pixels, { raw: { width: 320, height: 160, channels: 1 } })
        .png()
        .toFile(join(set, file));
    };
    await paint('noise.png', (x, y) => (x < 144 ? 128 : 128 + ((x * 7919 + y * 104729) % 97)));
    await paint('waves.png', (x, y) => 128 + 90 * Math.sin(x / 9) * Math.cos(y / 9));
    const live = new LiveEvaluations();
    const catalogue = await methodsOn();
    const found = await evaluate(order(set, 2, ['bicubic']), lastingJob(), {
      catalogue,
      files,
      gauges,
      live,
    });
    const { images } = found.results[0]!;
    expect([extremeOf(images, 'worst'), extremeOf(images, 'best')]).toEqual(['noise.png', 'waves.png']);
    const parts = { catalogue, files, queue: new Queue(), live };
    const client = { id: 'me', since: 0, gone: new AbortController().signal, emit: () => Promise.resolve() };
    const asked = { job: 'test', scale: 2, method: 'bicubic' };
    const worst = await evaluationCrop(parts, client, { ...asked, which: 'worst' });
    const best = await evaluationCrop(parts, client, { ...asked, which: 'best' });
    expect(worst).toMatchObject({ file: 'noise.png', width: CROP_SIDE, height: CROP_SIDE });
    expect(worst.x).toBeGreaterThan(144 - CROP_SIDE / 2); // where the noise is
    expect(best.file).toBe('waves.png');
    expect(best.psnrY).toBeGreaterThan(worst.psnrY + 10);
    expect(Buffer.from(worst.original, 'base64')).toHaveLength(4 * CROP_SIDE ** 2);
    expect(worst.result).not.toBe(worst.original);
    await expect(
      evaluationCrop(parts, client, { ...asked, method: 'nearest', which: 'best' }),
    ).rejects.toThrow('Expected a method that was measured at x2, received nearest.');
  });

  it('asks for a turn for each tile of a picture, not for the picture: whoever looks goes in between', async () => {
    const set = await mkdtemp(join(folder, 'tiled-'));
    const size = { width: 1600, height: 600 };
    await drawn(set, 'wide.png', size.width, size.height);
    const catalogue = await methodsOn();
    const tiles = tileCount(planTiles(wholeOf<'output'>(size), catalogue.get('bicubic').tileSide(2)));
    expect(tiles).toBeGreaterThan(1);
    let turns = 0;
    const held = new Set<number>();
    const counting = {
      ...lastingJob(),
      turn: () => {
        const turn = (turns += 1);
        held.add(turn);
        return Promise.resolve(() => void held.delete(turn));
      },
    };
    await evaluate(order(set, 2, ['bicubic']), counting, { catalogue, files, gauges });
    expect([turns, held.size]).toEqual([tiles, 0]);
  });

  it('stops between pictures, and what stopped is no failure', async () => {
    const set = await mkdtemp(join(folder, 'stopped-'));
    for (const name of ['a.png', 'b.png']) await drawn(set, name, 40, 30);
    const stop = new AbortController();
    const marks: unknown[] = [];
    const lasting = lastingJob({ marks, signal: stop.signal });
    const parts = { catalogue: await methodsOn(), files, gauges };
    const stopping = {
      ...lasting,
      turn: () => {
        if (marks.length === 2) stop.abort();
        stop.signal.throwIfAborted();
        return lasting.turn();
      },
    };
    await expect(evaluate(order(set, 2, ['bicubic']), stopping, parts)).rejects.toThrow(/abort/);
    expect(marks).toHaveLength(2);
  });
});

describe('the metrics of two files', () => {
  const parts = {
    openPhoto: (path: string) => openPhoto(path, { name: path, scratchFolder: folder }),
    gauges: NO_GAUGES,
  };
  const draw = async (name: string, width: number, background: string): Promise<string> => {
    const path = join(folder, name);
    await sharp({ create: { width, height: 40, channels: 3, background } })
      .png()
      .toFile(path);
    return path;
  };

  it('name both where their sizes differ', async () => {
    const [reference, result] = [await draw('a.png', 40, 'red'), await draw('b.png', 41, 'red')];
    await expect(
      compareFiles({ reference, result, border: 0, protocol: 'y' }, job, parts),
    ).rejects.toMatchObject({
      fault: {
        code: 'size-mismatch',
        message: expect.stringMatching(/a\.png has 40 x 40.*b\.png has 41 x 40/) as string,
      },
    });
  });

  it('are infinite, that is null, for the same picture', async () => {
    const reference = await draw('c.png', 40, 'green');
    const found = await compareFiles({ reference, result: reference, border: 2, protocol: 'y' }, job, parts);
    expect(found).toMatchObject({ psnrY: null, psnrRgb: null, ssimY: 1, border: 2 });
  });
});
