import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { differentiate } from '../../../src/engine/learning/differentiate';
import { GraphBuilder } from '../../../src/engine/onnx/graphBuilder';
import { ruleFor, DIFFERENTIABLE } from '../../../src/engine/learning/gradients/rules';
import { staticGraphOf, type Numbers } from '../../../src/engine/onnx/staticGraphOf';
import type { OnnxAttribute, OnnxGraph, OnnxWeight } from '../../../src/engine/onnx/graph';
import { onnxModel } from '../../../src/engine/onnx/onnxModel';
import { runOnce } from '../../fixtures/runOnce';
import { seeded } from '../seeded';

/** tests/fixtures/gradients/write.py makes these with PyTorch. */
interface Case {
  name: string;
  op: string;
  opset: number;
  attributes: Record<string, OnnxAttribute>;
  inputs: {
    kind: 'wanted' | 'fixed' | 'whole' | 'truth' | 'none';
    dims: number[];
    values: number[];
    gradient: number[];
  }[];
  outputs: { dims: number[]; values: number[] }[];
  dys: number[][];
}

const CASES = JSON.parse(readFileSync('tests/fixtures/gradients/operators.json', 'utf8')) as Case[];

const nameOf = (k: number): string => `in${k}`;

function weightOf({ kind, dims, values }: Case['inputs'][0], name: string): OnnxWeight {
  if (kind === 'whole') return { name, dims, values: BigInt64Array.from(values, BigInt) };
  if (kind === 'truth') return { name, dims, values: Uint8Array.from(values), type: 'bool' };
  return { name, dims, values: Float32Array.from(values) };
}

/** The one node, and the sum of its outputs times their `dys` as the loss. */
function graphOf({ op, opset, attributes, inputs, outputs, dys }: Case): OnnxGraph {
  const g = new GraphBuilder(opset, 'test');
  const names = outputs.map((_, k) => `out${k}`);
  const sums = outputs.map(({ dims, values }, k) => {
    const product = g.mul(names[k]!, g.floats(dims, Float32Array.from(dys[k]!)));
    return g.reduce('ReduceSum', g.reshape(product, [values.length]), [0], false);
  });
  const loss = sums.reduce(g.add);
  const given = inputs.map(({ kind }, k) => (kind === 'none' ? '' : nameOf(k)));
  return {
    inputs: inputs.flatMap(({ kind, dims }, k) => (kind === 'wanted' ? [{ name: nameOf(k), dims }] : [])),
    outputs: [{ name: loss, dims: [] }],
    nodes: [{ op, inputs: given, outputs: names, attributes }, ...g.nodes],
    weights: [
      ...inputs.flatMap((one, k) =>
        one.kind === 'wanted' || one.kind === 'none' ? [] : [weightOf(one, nameOf(k))],
      ),
      ...g.weights,
    ],
    opsets: { '': opset },
  };
}

interface Differentiated {
  graph: OnnxGraph;
  loss: string;
  feeds: Record<string, Numbers>;
  gradients: Map<string, Numbers>;
}

async function gradientsOf(one: Case): Promise<Differentiated> {
  const graph = graphOf(one);
  const loss = graph.outputs[0]!.name;
  const wanted = one.inputs.flatMap((input, k) =>
    input.kind === 'wanted' ? [{ ...input, name: nameOf(k) }] : [],
  );
  const feeds = Object.fromEntries(
    wanted.map(({ name, dims, values }) => [name, { dims, data: Float32Array.from(values) }]),
  );
  const sizes = Object.fromEntries(wanted.map(({ name, dims }) => [name, dims]));
  const known = await staticGraphOf(graph, sizes, runOnce);
  const g = new GraphBuilder(one.opset, 'back');
  const made = differentiate(known, loss, new Set(Object.keys(feeds)), g);
  const found = await runOnce(
    onnxModel({
      ...graph,
      nodes: [...graph.nodes, ...g.nodes],
      weights: [...graph.weights!, ...g.weights],
      outputs: [...made.values()].map((name) => ({ name, dims: [] })),
    }),
    feeds,
  );
  const gradients = new Map([...made].map(([name, value]) => [name, found.get(value)!]));
  return { graph, loss, feeds, gradients };
}

const largest = (values: Iterable<number>): number => Math.max(1, ...Array.from(values, Math.abs));

it.each(CASES.map((one) => [one.name, one] as const))('%s has the gradients of PyTorch', async (_, one) => {
  const { gradients } = await gradientsOf(one);
  for (const [k, { kind, dims, gradient }] of one.inputs.entries()) {
    if (kind !== 'wanted') continue;
    const found = gradients.get(nameOf(k))!;
    expect(found.dims).toEqual(dims);
    const apart = Math.max(...gradient.map((value, n) => Math.abs(value - found.data[n]!)));
    expect(apart / largest(gradient)).toBeLessThan(2e-5);
  }
});

/** All but the one that stands on a kink, where there is no derivative. */
const SMOOTH = CASES.filter(({ name }) => name !== 'ReduceMax of equals');

it.each(SMOOTH.map((one) => [one.name, one] as const))(
  '%s has the gradients of finite differences',
  async (_, one) => {
    const { graph, loss, feeds, gradients } = await gradientsOf(one);
    const random = seeded(5);
    const step = 2e-3;
    const directions = new Map(
      Object.entries(feeds).map(([name, { data }]) => [name, data.map(() => random.real(-0.5, 0.5))]),
    );
    const lossAt = async (sign: number): Promise<number> => {
      const moved = Object.entries(feeds).map(([name, { dims, data }]): [string, Numbers] => [
        name,
        { dims, data: data.map((value, n) => value + sign * step * directions.get(name)![n]!) },
      ]);
      const found = await runOnce(onnxModel(graph), Object.fromEntries(moved));
      return found.get(loss)!.data[0]!;
    };
    const slope = ((await lossAt(1)) - (await lossAt(-1))) / (2 * step);
    let along = 0;
    for (const [name, direction] of directions) {
      gradients.get(name)!.data.forEach((value, n) => (along += value * direction[n]!));
    }
    expect(Math.abs(slope - along)).toBeLessThan(0.02 * largest([along]) + 1e-2);
  },
);

it('every operator with a rule has a case, and no case is of one without', () => {
  const tried = new Set(CASES.map(({ op }) => op));
  expect(DIFFERENTIABLE.filter((op) => !tried.has(op))).toEqual([]);
  expect([...tried].filter((op) => !ruleFor({ op, inputs: [], outputs: [] }))).toEqual([]);
});
