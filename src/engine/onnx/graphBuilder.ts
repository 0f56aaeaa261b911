import { countOf, type OnnxAttribute, type OnnxNode, type OnnxWeight } from './graph';

/** Since this version of ONNX a reduction takes its axes as an input; an operator not named here: 18. */
const AXES_ARE_INPUT_SINCE: Readonly<Record<string, number>> = { ReduceSum: 13 };

export type Reduction = 'ReduceSum' | 'ReduceMean' | 'ReduceMax';

/** Writes nodes one after the other; a value is its name. What it emits is valid from opset 11 on. */
export class GraphBuilder {
  readonly nodes: OnnxNode[] = [];
  readonly weights: OnnxWeight[] = [];
  private readonly shared = new Map<string, string>();
  private count = 0;

  /** @param prefix of the names of new values: none of the graph's own may begin with it. */
  constructor(
    readonly opset: number,
    private readonly prefix: string,
  ) {}

  private name(of: string): string {
    return `${this.prefix}/${of}${this.count++}`;
  }

  /** Emits a node of one output, and gives its name. */
  op(op: string, inputs: readonly string[], attributes?: Readonly<Record<string, OnnxAttribute>>): string {
    const output = this.name(op);
    this.nodes.push({ op, inputs, outputs: [output], attributes });
    return output;
  }

  /** Emits a node whose output has a name already. */
  define(output: string, op: string, inputs: readonly string[]): string {
    this.nodes.push({ op, inputs, outputs: [output] });
    return output;
  }

  floats(dims: readonly number[], values: Float32Array): string {
    const name = this.name('floats');
    this.weights.push({ name, dims, values });
    return name;
  }

  /** A number that broadcasts against anything; the same one is written once. */
  scalar(value: number): string {
    return this.once(`scalar ${value}`, () => this.floats([], Float32Array.of(value)));
  }

  /** Whole numbers, as shapes and axes are given. */
  wholes(values: readonly number[]): string {
    return this.once(`wholes ${values.join()}`, () => {
      const name = this.name('wholes');
      this.weights.push({ name, dims: [values.length], values: BigInt64Array.from(values, BigInt) });
      return name;
    });
  }

  private once(key: string, make: () => string): string {
    const result = this.shared.get(key) ?? make();
    this.shared.set(key, result);
    return result;
  }

  add = (a: string, b: string): string => this.op('Add', [a, b]);
  sub = (a: string, b: string): string => this.op('Sub', [a, b]);
  mul = (a: string, b: string): string => this.op('Mul', [a, b]);
  div = (a: string, b: string): string => this.op('Div', [a, b]);
  square = (a: string): string => this.op('Mul', [a, a]);
  scaled = (a: string, factor: number): string => (factor === 1 ? a : this.mul(a, this.scalar(factor)));
  matMul = (a: string, b: string): string => this.op('MatMul', [a, b]);

  /** a where the condition holds, b elsewhere. */
  where = (condition: string, a: string, b: string): string => this.op('Where', [condition, a, b]);
  isPositive = (a: string): string => this.op('Greater', [a, this.scalar(0)]);

  reshape = (a: string, dims: readonly number[]): string => this.op('Reshape', [a, this.wholes(dims)]);
  transpose = (a: string, perm: readonly number[]): string => this.op('Transpose', [a], { perm });

  /** The part of an axis from `start` to before `end`. */
  slice(a: string, axis: number, start: number, end: number): string {
    return this.op('Slice', [a, this.wholes([start]), this.wholes([end]), this.wholes([axis])]);
  }

  /** Over the axes, which must not be none; they stay with size 1 where `keep`. */
  reduce(op: Reduction, a: string, axes: readonly number[], keep: boolean): string {
    const keepdims = keep ? 1 : 0;
    return this.opset >= (AXES_ARE_INPUT_SINCE[op] ?? 18)
      ? this.op(op, [a, this.wholes(axes)], { keepdims })
      : this.op(op, [a], { axes, keepdims });
  }

  /** The sum over what broadcasting from one shape to the other had repeated. */
  sumTo(a: string, from: readonly number[], to: readonly number[]): string {
    if (from.join() === to.join()) return a;
    const extra = from.length - to.length;
    const axes = from.flatMap((dim, k) => (k < extra || (to[k - extra] === 1 && dim !== 1) ? [k] : []));
    const summed = axes.length > 0 ? this.reduce('ReduceSum', a, axes, true) : a;
    return this.reshape(summed, to);
  }

  /**
   * `matrix` [n, m] applied along one axis of size m, which becomes n.
   * @param dims of `a`.
   */
  along(a: string, dims: readonly number[], axis: number, matrix: string, size: number): string {
    const [before, after] = [dims.slice(0, axis), dims.slice(axis + 1)];
    const flat = this.reshape(a, [countOf(before), dims[axis]!, countOf(after)]);
    return this.reshape(this.matMul(matrix, flat), [...before, size, ...after]);
  }
}

/** The identity matrix, rows one after the other. */
export function identityMatrix(side: number): Float32Array {
  const values = new Float32Array(side * side);
  for (let k = 0; k < side; k++) values[k * side + k] = 1;
  return values;
}
