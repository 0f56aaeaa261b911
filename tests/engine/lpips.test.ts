import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readWhole } from '../../src/engine/codec/read/readWhole';
import { gaugesOf } from '../../src/engine/metrics/gauges';
import { Lpips, loadLpips } from '../../src/engine/metrics/lpips';
import { findMetricFile, type MetricPlaces } from '../../src/engine/metrics/metricFiles';
import { distanceName, LAYER_STRIDES, lpipsModel } from '../../src/engine/metrics/lpipsModel';
import { readNpz, type NpyArray } from '../../src/engine/metrics/npz';
import { raster, type Raster } from '../../src/engine/kernels/raster';
import { modelInMemory, type ModelRef } from '../../src/engine/onnx/modelRef';
import type { Graph } from '../../src/engine/runtime/runtime';
import { onnxRuntime } from '../../src/engine/runtime/onnxRuntime';
import { openGraph as openGraphIn } from '../../src/engine/runtime/openGraph';
import { SessionPool } from '../../src/engine/runtime/sessionPool';
import { seeded } from '../unit/seeded';

const sessions = new SessionPool(onnxRuntime);
const openGraph = (model: ModelRef): Promise<Graph> => openGraphIn(sessions, model);

const data = process.env['ENLARGER_DATA'] ?? resolve(import.meta.dirname, '../../../shared/data');
const weights = join(data, 'metrics/lpips_alex.npz');
const alone = { signal: new AbortController().signal, turn: () => Promise.resolve(() => undefined) };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'enlarger-lpips-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** One member of a zip file as NumPy writes it: sizes of the local header in an extra field. */
function zip(members: readonly { name: string; content: Buffer; deflated?: boolean }[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, content, deflated = false } of members) {
    const packed = deflated ? deflateRawSync(content) : content;
    const extra = Buffer.alloc(20);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt32LE(0xffffffff, 18);
    local.writeUInt16LE(name.length, 26);
    local.writeUInt16LE(extra.length, 28);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(deflated ? 8 : 0, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(at, 42);
    directory.push(entry, Buffer.from(name));
    parts.push(local, Buffer.from(name), extra, packed);
    at += local.length + name.length + extra.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, ...directory, end]);
}

function npy(values: readonly number[], shape: string, kind = '<f4', isFortran = 'False'): Buffer {
  const numbers = kind === '<f8' ? Float64Array.from(values) : Float32Array.from(values);
  const header = `{'descr': '${kind}', 'fortran_order': ${isFortran}, 'shape': (${shape}), }\n`;
  const start = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, header.length & 255, header.length >> 8]);
  return Buffer.concat([start, Buffer.from(header), Buffer.from(numbers.buffer)]);
}

describe('reading .npz', () => {
  it('gives arrays, stored or deflated', () => {
    const file = zip([
      { name: 'one.npy', content: npy([1.5], '1,') },
      { name: 'two.npy', content: npy([1, 2, 3, 4, 5, 6], '2, 3'), deflated: true },
      { name: 'turned.npy', content: npy([1, 4, 2, 5, 3, 6], '2, 3', '<f8', 'True') },
    ]);
    const found = readNpz(file);
    expect([...found]).toEqual([
      ['one', { dims: [1], values: Float32Array.of(1.5) }],
      ['two', { dims: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6) }],
      ['turned', { dims: [2, 3], values: Float64Array.of(1, 2, 3, 4, 5, 6) }],
    ]);
  });

  it('says what is not as it should be', () => {
    expect(() => readNpz(Buffer.from('a picture, perhaps'))).toThrow('it is not a zip file');
    const whole = zip([{ name: 'w.npy', content: npy([1, 2], '1,', '<i8') }]);
    expect(() => readNpz(whole)).toThrow(/^w is not of little-endian float32/);
    const short = zip([{ name: 's.npy', content: npy([1, 2], '3,') }]);
    expect(() => readNpz(short)).toThrow('s has 8 bytes where its shape needs 12');
  });
});

/** AlexNet's shape with weights of our own: what tiling does must not depend on them. */
function randomArrays(): Map<string, NpyArray> {
  const random = seeded(31);
  const array = (dims: number[], reach: number, from = -reach): NpyArray => ({
    dims,
    values: Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, () => random.real(from, reach)),
  });
  const shapes = [
    [64, 3, 11, 11],
    [192, 64, 5, 5],
    [384, 192, 3, 3],
    [256, 384, 3, 3],
    [256, 256, 3, 3],
  ];
  return new Map(
    shapes.flatMap((shape, layer) => {
      const [out = 0, ...taps] = shape;
      const reach = Math.sqrt(6 / taps.reduce((a, b) => a * b, 1));
      return [
        [`conv${layer + 1}.weight`, array(shape, reach)] as const,
        [`conv${layer + 1}.bias`, array([out], 0.1)] as const,
        [`lin${layer}`, array([out], 1, 0)] as const,
      ];
    }),
  );
}

describe('LPIPS by any weights', () => {
  const random = seeded(32);
  let graph: Graph;
  let lpips: Lpips;
  beforeAll(async () => {
    graph = await openGraph(modelInMemory('test', 'lpips', lpipsModel(randomArrays())));
    lpips = new Lpips(graph);
  });
  afterAll(() => lpips.release());

  const rounded = (of: Raster): Raster =>
    raster(
      of.width,
      of.height,
      of.channels,
      of.data.map((value) => Math.round(value * 255) / 255),
    );
  const measure = (a: Raster, b: Raster, border = 0): Promise<number | null> =>
    lpips.distance(a, b, border, alone);

  it.each([
    [905, 61],
    [50, 1557],
    [769, 40],
    [864, 33],
  ])('is the same in tiles as at once, %d x %d', async (width, height) => {
    const a = rounded(random.picture(width, height, 3));
    const b = rounded(random.picture(width, height, 3));
    const dims = [1, 3, height, width];
    const said: string[] = [];
    const onTile = (done: number, total: number): void => void said.push(`${done}/${total}`);
    const whole = await graph.run({ reference: { data: a.data, dims }, result: { data: b.data, dims } });
    const expected = LAYER_STRIDES.reduce((sum, _, layer) => {
      const { data: map } = whole.get(distanceName(layer))!;
      return sum + map.reduce((total, value) => total + value, 0) / map.length;
    }, 0);
    expect(expected).toBeGreaterThan(0.01);
    const found = await lpips.distance(a, b, 0, { ...alone, onTile });
    expect(Math.abs(found! - expected)).toBeLessThan(1e-6 * expected);
    const tiles = Math.ceil(width / 768) * Math.ceil(height / 768);
    expect([said.length, said.at(-1)]).toEqual([tiles, `${tiles}/${tiles}`]);
  });

  it('is 0 for equal pictures and the same both ways', async () => {
    const [a, b] = [random.picture(48, 40, 3), random.picture(48, 40, 3)];
    expect(await measure(a, a)).toBe(0);
    expect(await measure(a, b)).toBeCloseTo((await measure(b, a))!, 6);
  });

  it('leaves the border and alpha out, and takes grey for three equal colours', async () => {
    const a = random.picture(60, 52, 3);
    const framed = raster(60, 52, 4);
    framed.data.set(a.data);
    for (let x = 0; x < 60; x++) framed.data[x] = 1 - framed.data[x]!;
    expect(await measure(a, framed, 1)).toBe(0);
    expect(await measure(a, framed)).toBeGreaterThan(0);
    const grey = random.picture(40, 40, 1);
    const tripled = raster(40, 40, 3);
    for (let c = 0; c < 3; c++) tripled.data.set(grey.data, c * 1600);
    expect(await measure(grey, tripled)).toBe(0);
  });

  it('is null below 31 pixels a side', async () => {
    const [a, b] = [random.picture(31, 33, 3), random.picture(31, 33, 3)];
    expect(await measure(a, b)).toBeGreaterThan(0);
    expect(await measure(a, b, 1)).toBeNull();
  });

  it('stops between tiles', async () => {
    const controller = new AbortController();
    let turns = 0;
    const turn = () => {
      turns += 1;
      if (turns === 2) controller.abort();
      return Promise.resolve(() => undefined);
    };
    const a = random.picture(1600, 31, 3);
    const stopped = lpips.distance(a, a, 0, { signal: controller.signal, turn });
    await expect(stopped).rejects.toThrow(/abort/);
    expect(turns).toBe(2);
  });

  it('names the array that is not right', () => {
    const arrays = randomArrays();
    arrays.delete('lin3');
    expect(() => lpipsModel(arrays)).toThrow('lin3 should be of 256, and is not there');
  });
});

describe('the weights of LPIPS', () => {
  const findLpips = (at: MetricPlaces): Promise<string | undefined> => findMetricFile('lpips', at);
  const places = { home: '/nowhere', resources: undefined, env: {} };
  const put = async (name: string): Promise<string> => {
    const home = join(folder, name);
    await mkdir(join(home, 'metrics'), { recursive: true });
    await writeFile(join(home, 'metrics', 'lpips_alex.npz'), 'no zip');
    return home;
  };

  it('are found where they were named, in our own folder, and beside the training data', async () => {
    const home = await put('home');
    const file = (at: string): string => join(at, 'metrics', 'lpips_alex.npz');
    expect(await findLpips({ ...places, home })).toBe(file(home));
    expect(await findLpips({ ...places, env: { ENLARGER_DATA: home } })).toBe(file(home));
    expect(await findLpips({ ...places, env: { ENLARGER_LPIPS: file(home) } })).toBe(file(home));
    const beside = await put(join('shared', 'data'));
    const resources = join(folder, 'repository', 'resources');
    expect(await findLpips({ ...places, resources })).toBe(file(beside));
    expect(await findLpips(places)).toBeUndefined();
  });

  it('must be where ENLARGER_LPIPS says, and be what their name says', async () => {
    const env = { ENLARGER_LPIPS: join(folder, 'none.npz') };
    await expect(findLpips({ ...places, env })).rejects.toMatchObject({ fault: { code: 'not-found' } });
    const bad = join(await put('bad'), 'metrics', 'lpips_alex.npz');
    await expect(loadLpips(bad, openGraph)).rejects.toThrow(/weights of LPIPS .* but it is not a zip file/);
  });
});

describe('a metric that the user installs', () => {
  const model = (name: string, file: Buffer): Promise<string> => {
    const path = join(folder, name);
    return writeFile(path, file).then(() => path);
  };
  const numbers = (length: number): number[] => Array.from({ length }, (_, k) => k / length);
  const natural = (): Buffer =>
    zip([
      { name: 'mu_pris_param.npy', content: npy(numbers(36), '1, 36', '<f8') },
      { name: 'cov_pris_param.npy', content: npy(numbers(36 * 36), '36, 36', '<f8', 'True') },
    ]);

  it('is copied once it was read through, and then found', async () => {
    const places = { home: join(folder, 'installing'), resources: undefined, env: {} };
    const gauges = gaugesOf(places, openGraph);
    expect(await gauges.missing()).toEqual(['lpips', 'niqe']);
    expect(await gauges.openNatural()).toBeUndefined();
    const path = await gauges.install('niqe', await model('mine.npz', natural()));
    expect(path).toBe(join(places.home, 'metrics', 'niqe_pris_params.npz'));
    expect(await gauges.missing()).toEqual(['lpips']);
    const found = await gauges.openNatural();
    expect(found?.mean[35]).toBe(35 / 36);
    expect(found?.covariance[1]).toBe(36 / 1296); // rows as Fortran has columns
    expect(await readdir(join(places.home, 'metrics'))).toEqual(['niqe_pris_params.npz']);
  });

  it('is refused where it is another file, and what was there stays', async () => {
    const gauges = gaugesOf({ home: join(folder, 'refusing'), resources: undefined, env: {} }, openGraph);
    const good = await model('good.npz', natural());
    await gauges.install('niqe', good);
    const bad = await model('bad.npz', zip([{ name: 'mu_pris_param.npy', content: npy([1], '1,') }]));
    await expect(gauges.install('niqe', bad)).rejects.toThrow(
      /NIQE's model .*should have 36 numbers, and has 1/,
    );
    await expect(gauges.install('lpips', good)).rejects.toThrow(/weights of LPIPS .*conv1/);
    await expect(gauges.install('niqe', join(folder, 'nowhere.npz'))).rejects.toMatchObject({
      fault: { code: 'bad-model', message: expect.stringMatching(/nowhere\.npz/) as string },
    });
    expect(await gauges.openNatural()).toBeDefined();
  });
});

describe.skipIf(!existsSync(weights))(
  "LPIPS by its own weights (skipped where they aren't installed)",
  () => {
    // What training/measure/perceptual.py gives of them.
    it.each([
      ['ex_p0.png', 0, 0.721881],
      ['ex_p1.png', 0, 0.137566],
      ['ex_p1.png', 4, 0.173119],
    ])(
      'agrees with PyTorch on the example %s without %d pixels of border',
      async (name, border, expected) => {
        const read = (file: string): Promise<Raster> =>
          readWhole(join(data, 'metrics/examples', file), { scratchFolder: folder });
        const lpips = await loadLpips(weights, openGraph);
        try {
          const found = await lpips.distance(await read('ex_ref.png'), await read(name), border, alone);
          expect(Math.abs(found! - expected)).toBeLessThan(1e-5);
        } finally {
          await lpips.release();
        }
      },
    );
  },
);
