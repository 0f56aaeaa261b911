import type { OnnxNode } from '../../onnx/graph';
import { abs } from './abs';
import { add } from './add';
import { batchNormalization } from './batchNormalization';
import { clip } from './clip';
import { concat } from './concat';
import { conv } from './conv';
import { convTranspose } from './convTranspose';
import { cos } from './cos';
import { depthToSpace } from './depthToSpace';
import { div } from './div';
import { elu } from './elu';
import { erf } from './erf';
import { exp } from './exp';
import { expand } from './expand';
import { gather } from './gather';
import { gemm } from './gemm';
import { globalAveragePool } from './globalAveragePool';
import { layerNormalization } from './layerNormalization';
import { leakyRelu } from './leakyRelu';
import { log } from './log';
import { logSoftmax } from './logSoftmax';
import { matMul } from './matMul';
import { maxPool } from './maxPool';
import { mul } from './mul';
import { neg } from './neg';
import { pad } from './pad';
import { pow } from './pow';
import { pRelu } from './pRelu';
import { reciprocal } from './reciprocal';
import { reduceMax } from './reduceMax';
import { reduceMean } from './reduceMean';
import { reduceSum } from './reduceSum';
import { relu } from './relu';
import { reshaped } from './reshaped';
import { resize } from './resize';
import type { GradientRule } from './rule';
import { sigmoid } from './sigmoid';
import { sin } from './sin';
import { slice } from './slice';
import { softmax } from './softmax';
import { softplus } from './softplus';
import { spaceToDepth } from './spaceToDepth';
import { split } from './split';
import { sqrt } from './sqrt';
import { sub } from './sub';
import { tanh } from './tanh';
import { transpose } from './transpose';
import { unchanged } from './unchanged';
import { where } from './where';

/** Every operator that a gradient goes back through, by its name in ONNX. */
const RULES: Readonly<Record<string, GradientRule>> = {
  Abs: abs,
  Add: add,
  BatchNormalization: batchNormalization,
  Cast: unchanged,
  Clip: clip,
  Concat: concat,
  Conv: conv,
  ConvTranspose: convTranspose,
  Cos: cos,
  DepthToSpace: depthToSpace,
  Div: div,
  Dropout: unchanged,
  Elu: elu,
  Erf: erf,
  Exp: exp,
  Expand: expand,
  Flatten: reshaped,
  Gather: gather,
  Gemm: gemm,
  GlobalAveragePool: globalAveragePool,
  Identity: unchanged,
  LayerNormalization: layerNormalization,
  LeakyRelu: leakyRelu,
  Log: log,
  LogSoftmax: logSoftmax,
  MatMul: matMul,
  MaxPool: maxPool,
  Mul: mul,
  Neg: neg,
  PRelu: pRelu,
  Pad: pad,
  Pow: pow,
  Reciprocal: reciprocal,
  ReduceMax: reduceMax,
  ReduceMean: reduceMean,
  ReduceSum: reduceSum,
  Relu: relu,
  Reshape: reshaped,
  Resize: resize,
  Sigmoid: sigmoid,
  Sin: sin,
  Slice: slice,
  Softmax: softmax,
  Softplus: softplus,
  SpaceToDepth: spaceToDepth,
  Split: split,
  Sqrt: sqrt,
  Squeeze: reshaped,
  Sub: sub,
  Tanh: tanh,
  Transpose: transpose,
  Unsqueeze: reshaped,
  Where: where,
};

/** Names of those operators. */
export const DIFFERENTIABLE: readonly string[] = Object.keys(RULES);

/** The rule for a node; undefined where no gradient goes back through it. */
export const ruleFor = ({ op, domain = '' }: OnnxNode): GradientRule | undefined =>
  domain === '' && Object.hasOwn(RULES, op) ? RULES[op] : undefined;
