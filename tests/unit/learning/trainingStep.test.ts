import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BETA_1, BETA_2 } from '../../../src/engine/learning/adam';
import { DIFFERENTIABLE } from '../../../src/engine/learning/gradients/rules';
import { inFloat32 } from '../../../src/engine/onnx/inFloat32';
import { rateAt } from '../../../src/engine/learning/learningRate';
import { LOSSES, type PictureLossName } from '../../../src/engine/learning/losses/losses';
import { mergedWeights, withLowRank } from '../../../src/engine/learning/lowRank';
import { chosen, reachableParameters, type Trainable } from '../../../src/engine/learning/parameters';
import { staticGraphOf, type Numbers } from '../../../src/engine/onnx/staticGraphOf';
import { trainedModel } from '../../../src/engine/learning/trainedModel';
import { flatWeights, trainingStep, withLoss } from '../../../src/engine/learning/trainingStep';
import { externalDataBeside } from '../../../src/engine/onnx/externalData';
import type { OnnxGraph } from '../../../src/engine/onnx/graph';
import { toHalf } from '../../../src/engine/onnx/half';
import { onnxModel } from '../../../src/engine/onnx/onnxModel';
import { readModel } from '../../../src/engine/onnx/readModel';
import { modelInMemory } from '../../../src/engine/onnx/modelRef';
import { onnxRuntime } from '../../../src/engine/runtime/onnxRuntime';
import { openGraph } from '../../../src/engine/runtime/openGraph';
import { SessionPool } from '../../../src/engine/runtime/sessionPool';
import type { Manifest } from '../../../src/shared/manifest';
import { runOnce } from '../../fixtures/runOnce';
import { largestDifference, seeded } from '../seeded';

function bundled(name: string): OnnxGraph {
  const path = `resources/models/${name}`;
  return inFloat32(readModel(readFileSync(path), name, externalDataBeside(path)));
}

function networks(): Manifest[] {
  const manifests = readdirSync('resources/models').map((id) =>
    readFileSync(`resources/models/${id}/manifest.json`, 'utf8'),
  );
  return manifests.map((text) => JSON.parse(text) as Manifest).filter(({ kind }) => kind !== 'implicit');
}

interface Prepared {
  weights: Float32Array;
  names: string[];
  blockedBy: readonly string[];
  /** One step: the loss before it; the weights are its own from then on. */
  step: (input: Numbers, target: Numbers, rate: number) => Promise<{ loss: number; norm: number }>;
  current: () => Float32Array;
  saved: () => OnnxGraph;
}

async function prepare(
  model: OnnxGraph,
  dims: readonly number[],
  loss: PictureLossName,
  trainable: Trainable = 'all',
  clipNorm = 0,
): Promise<Prepared> {
  const input = model.inputs[0]!;
  const output = model.outputs[0]!.name;
  const still = await staticGraphOf(model, { [input.name]: dims }, runOnce);
  const { graph, loss: name } = await withLoss(still, output, LOSSES[loss], runOnce);
  const reachable = reachableParameters(graph, name);
  const parameters = chosen(reachable.parameters, trainable);
  const made = trainingStep(graph, [input], name, parameters, { clipNorm, weightDecay: 0 });
  const session = await openGraph(new SessionPool(onnxRuntime), modelInMemory('test', 'step', made.model));
  const weights = flatWeights(graph, parameters);
  let state: Float32Array = weights.slice();
  let first: Float32Array = new Float32Array(made.length);
  let second: Float32Array = new Float32Array(made.length);
  let count = 0;
  const flat = (data: Float32Array): Numbers => ({ data, dims: [data.length] });
  const single = (value: number): Numbers => ({ data: Float32Array.of(value), dims: [] });
  return {
    weights,
    names: parameters.map((one) => one.name),
    blockedBy: reachable.blockedBy,
    async step(picture, target, rate) {
      count++;
      const found = await session.run({
        [input.name]: picture,
        target,
        weights: flat(state),
        firstMoment: flat(first),
        secondMoment: flat(second),
        rate: single(rate),
        correction1: single(1 - BETA_1 ** count),
        correction2: single(1 - BETA_2 ** count),
      });
      state = found.get('nextWeights')!.data;
      first = found.get('nextFirstMoment')!.data;
      second = found.get('nextSecondMoment')!.data;
      return { loss: found.get('loss')!.data[0]!, norm: found.get('norm')!.data[0]! };
    },
    current: () => state,
    saved: () => trainedModel(model, parameters, state),
  };
}

function noise(dims: readonly number[], seed: number): Numbers {
  const random = seeded(seed);
  return { dims, data: Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, () => random.real()) };
}

/** output = input * w, five numbers. */
const scaling = (values: Float32Array): OnnxGraph => ({
  inputs: [{ name: 'input', dims: [1, 5] }],
  outputs: [{ name: 'output', dims: [1, 5] }],
  nodes: [
    { op: 'MatMul', inputs: ['input', 'square'], outputs: ['passed'] },
    { op: 'Add', inputs: ['passed', 'w'], outputs: ['output'] },
  ],
  weights: [
    { name: 'square', dims: [5, 5], values: new Float32Array(25) },
    { name: 'w', dims: [5], values },
  ],
  opsets: { '': 17 },
});

describe('Adam', () => {
  it('takes the path that PyTorch takes, its gradient cut to a length of 1', async () => {
    const { adam } = JSON.parse(readFileSync('tests/fixtures/gradients/losses.json', 'utf8')) as {
      adam: number[][];
    };
    // The matrix sees zeros and stays; the bias walks. L2 is a mean of five: the gradient's direction is what counts.
    const { step, current } = await prepare(
      scaling(Float32Array.of(0.5, -1, 2, 0, 3)),
      [1, 5],
      'l2',
      'all',
      0.1,
    );
    const input = { dims: [1, 5], data: new Float32Array(5) };
    const target = { dims: [1, 5], data: Float32Array.of(1, 1, -1, 0.5, 2) };
    for (const weights of adam) {
      const { norm } = await step(input, target, 0.01);
      expect(norm).toBeGreaterThan(0.1);
      expect(largestDifference(current().slice(25), weights)).toBeLessThan(1e-6);
    }
    expect([...current().slice(0, 25)].every((weight) => weight === 0)).toBe(true);
  });

  it('its rate rises in a line, falls along a cosine and stays at its floor', () => {
    const schedule = { peak: 1, warmUpSteps: 10, steps: 110, floor: 0.1 };
    const rates = [1, 5, 10, 60, 110, 500].map((step) => rateAt(schedule, step));
    [0.1, 0.5, 1, 0.55, 0.1, 0.1].forEach((rate, k) => expect(rates[k]).toBeCloseTo(rate, 12));
  });
});

describe('bundled models', () => {
  it.each([
    ['fsrcnn/x2.onnx', 1, 2],
    ['espcn/x2.onnx', 1, 2],
    ['edsr/x2.onnx', 3, 2],
    ['blind-compact/x2.onnx', 3, 2],
    ['rcan-small/x2.onnx', 3, 2],
    ['san-small/x2.onnx', 3, 2],
  ] as const)('%s learns: its loss on two patches falls', async (path, channels, scale) => {
    const dims = [2, channels, 4, 6];
    const { step, blockedBy, names } = await prepare(bundled(path), dims, 'l1');
    expect(blockedBy).toEqual([]);
    // The correction of flat colours is fitted to a finished network, and is no last layer.
    expect(names.filter((name) => name.startsWith('flats.'))).toEqual([]);
    const [input, target] = [noise(dims, 1), noise([2, channels, 4 * scale, 6 * scale], 2)];
    const losses: number[] = [];
    for (let k = 0; k < 4; k++) losses.push((await step(input, target, 1e-4)).loss);
    expect(losses.at(-1)).toBeLessThan(losses[0]! * 0.998);
  });

  it('of networks use no operator without a gradient, but for those that only work out shapes', () => {
    const shapes = new Set(['Constant', 'ConstantOfShape', 'EyeLike', 'Shape']);
    for (const { files, id } of networks()) {
      for (const { file } of files) {
        const ops = bundled(`${id}/${file}`).nodes.map(({ op }) => op);
        expect(ops.filter((op) => !shapes.has(op) && !DIFFERENTIABLE.includes(op))).toEqual([]);
      }
    }
  });

  it('a model that learned nothing gives the same pixels at any size, and is saved with weights of float32', async () => {
    const model = bundled('edsr/x2.onnx');
    const { saved, names } = await prepare(model, [1, 3, 4, 4], 'l1');
    const input = { input: noise([1, 3, 7, 5], 3) };
    const [before, after] = await Promise.all([model, saved()].map((one) => runOnce(onnxModel(one), input)));
    expect(largestDifference(before!.get('output')!.data, after!.get('output')!.data)).toBeLessThan(1e-5);
    const kept = new Map(saved().weights!.map((weight) => [weight.name, weight]));
    expect(names.every((name) => kept.get(name)?.values instanceof Float32Array)).toBe(true);
    expect(saved().nodes.some(({ op }) => op === 'Cast')).toBe(false);
  });
});

describe('what is learned', () => {
  it('the last layers only: all others keep their numbers, and are no part of the step', async () => {
    const model = bundled('fsrcnn/x2.onnx');
    const all = await prepare(model, [1, 1, 4, 4], 'l2');
    const last = await prepare(model, [1, 1, 4, 4], 'l2', { lastLayers: 2 });
    expect(all.names.slice(-last.names.length)).toEqual(last.names);
    expect(last.names.length).toBeLessThan(all.names.length / 2);
    await last.step(noise([1, 1, 4, 4], 1), noise([1, 1, 8, 8], 2), 1e-3);
    const before = new Map(model.weights!.map((weight) => [weight.name, weight.values]));
    const changed = last.saved().weights!.filter(({ name, values }) => !same(values, before.get(name)!));
    expect(changed.map(({ name }) => name).sort()).toEqual([...last.names].sort());
  });

  it('additions of a low rank: at first they change nothing, then few numbers make the loss fall, and they merge', async () => {
    const model = bundled('fsrcnn/x2.onnx');
    const dims = [1, 1, 6, 6];
    const still = await staticGraphOf(model, { input: dims }, runOnce);
    const { graph, loss } = await withLoss(still, 'output', LOSSES.l1, runOnce);
    const weights = reachableParameters(graph, loss).parameters;
    const low = withLowRank(graph, weights, 2);
    const made = trainingStep(low.graph, model.inputs, loss, low.parameters, {
      clipNorm: 0,
      weightDecay: 0,
    });
    const [input, target] = [noise(dims, 1), noise([1, 1, 12, 12], 2)];
    const zeros: Numbers = { dims: [made.length], data: new Float32Array(made.length) };
    const stepFrom = (data: Float32Array, first = zeros, second = zeros, count = 1) =>
      runOnce(made.model, {
        input,
        target,
        weights: { dims: [made.length], data },
        firstMoment: first,
        secondMoment: second,
        rate: { dims: [], data: Float32Array.of(3e-3) },
        correction1: { dims: [], data: Float32Array.of(1 - BETA_1 ** count) },
        correction2: { dims: [], data: Float32Array.of(1 - BETA_2 ** count) },
      });
    const begin = flatWeights(low.graph, low.parameters);
    expect(begin.length).toBeLessThan(flatWeights(graph, weights).length / 2);
    expect(mergedWeights(low, begin)).toEqual(flatWeights(graph, low.adapted));
    let found = await stepFrom(begin);
    const first = found.get('loss')!.data[0]!;
    for (let count = 2; count < 6; count++) {
      const [next, m, v] = ['nextWeights', 'nextFirstMoment', 'nextSecondMoment'].map((name) =>
        found.get(name)!,
      );
      found = await stepFrom(next!.data, m, v, count);
    }
    // The loss is that before the last step: the same as the merged model's own on that pair.
    expect(found.get('loss')!.data[0]!).toBeLessThan(first);
    const learned = found.get('nextWeights')!.data;
    const merged = trainedModel(model, low.adapted, mergedWeights(low, learned));
    const output = (await runOnce(onnxModel(merged), { input })).get('output')!.data;
    const own = output.reduce((sum, value, k) => sum + Math.abs(value - target.data[k]!), 0) / output.length;
    expect((await stepFrom(learned)).get('loss')!.data[0]).toBeCloseTo(own, 5);
  });

  it('the kernels of a loss are none of its weights', async () => {
    const dims = [1, 1, 12, 12];
    const names = (await prepare(bundled('fsrcnn/x2.onnx'), dims, 'ssim')).names;
    expect(names).toEqual((await prepare(bundled('fsrcnn/x2.onnx'), dims, 'l1')).names);
  });

  it('back only to an operator without a gradient, which is named', async () => {
    const layer = (input: string, k: number, output: string) => ({
      op: 'Conv',
      inputs: [input, `w${k}`],
      outputs: [output],
    });
    const model: OnnxGraph = {
      inputs: [{ name: 'input', dims: [1, 1, 'h', 'w'] }],
      outputs: [{ name: 'output', dims: [1, 1, 'h', 'w'] }],
      nodes: [
        layer('input', 0, 'a'),
        { op: 'Floor', inputs: ['a'], outputs: ['b'] },
        layer('b', 1, 'output'),
      ],
      weights: [0, 1].map((k) => ({ name: `w${k}`, dims: [1, 1, 1, 1], values: Float32Array.of(0.5) })),
      opsets: { '': 17 },
    };
    const { names, blockedBy } = await prepare(model, [1, 1, 2, 2], 'l1');
    expect({ names, blockedBy }).toEqual({ names: ['w1'], blockedBy: ['Floor'] });
  });

  it('an operator without a gradient is named only where weights lie behind it', async () => {
    const model: OnnxGraph = {
      inputs: [{ name: 'input', dims: [1, 1, 'h', 'w'] }],
      outputs: [{ name: 'output', dims: [1, 1, 'h', 'w'] }],
      nodes: [
        { op: 'Conv', inputs: ['input', 'w'], outputs: ['a'] },
        { op: 'Floor', inputs: ['input'], outputs: ['b'] },
        { op: 'Conv', inputs: ['b', 'flats.w'], outputs: ['c'] },
        { op: 'Sub', inputs: ['a', 'c'], outputs: ['output'] },
      ],
      weights: ['w', 'flats.w'].map((name) => ({ name, dims: [1, 1, 1, 1], values: Float32Array.of(0.5) })),
      opsets: { '': 17 },
    };
    const { names, blockedBy } = await prepare(model, [1, 1, 2, 2], 'l1');
    expect({ names, blockedBy }).toEqual({ names: ['w'], blockedBy: [] });
  });

  it('halves are learned in single precision', async () => {
    const half: OnnxGraph = {
      inputs: [{ name: 'input', dims: [1, 1, 2, 2], type: 'float16' }],
      outputs: [{ name: 'output', dims: [1, 1, 2, 2], type: 'float16' }],
      nodes: [{ op: 'Conv', inputs: ['input', 'w'], outputs: ['output'] }],
      weights: [{ name: 'w', dims: [1, 1, 1, 1], values: Uint16Array.of(toHalf(0.3)), type: 'float16' }],
      opsets: { '': 17 },
    };
    const { step, weights, current } = await prepare(inFloat32(half), [1, 1, 2, 2], 'l2');
    expect(weights[0]).toBeCloseTo(0.3, 3);
    await step(noise([1, 1, 2, 2], 1), { dims: [1, 1, 2, 2], data: new Float32Array(4) }, 1e-5);
    expect(weights[0]! - current()[0]!).toBeCloseTo(1e-5, 7);
  });
});

const same = (a: ArrayLike<number | bigint>, b: ArrayLike<number | bigint>): boolean =>
  a.length === b.length && Array.from(a).every((value, k) => value === b[k]);
