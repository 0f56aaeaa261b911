import type { LossName } from '../../shared/contract';
import { FaultError } from '../../shared/faults';
import { BETA_1, BETA_2 } from '../learning/adam';
import { mergedWeights, withLowRank, type LowRank } from '../learning/lowRank';
import { chosen, reachableParameters, type Parameter, type Trainable } from '../learning/parameters';
import { flatWeights, trainingStep, unpack, withLoss, type TrainingStep } from '../learning/trainingStep';
import type { OnnxGraph, OnnxWeight } from '../onnx/graph';
import { GraphBuilder } from '../onnx/graphBuilder';
import { modelInMemory } from '../onnx/modelRef';
import { onnxModel } from '../onnx/onnxModel';
import type { StaticGraph } from '../onnx/staticGraph';
import { staticGraphOf, type Numbers, type RunOnce } from '../onnx/staticGraphOf';
import { openGraph } from '../runtime/openGraph';
import type { Graph } from '../runtime/runtime';
import type { SessionPool } from '../runtime/sessionPool';
import type { Batch } from './batch';
import type { Objective, SavedModel, Trainee } from './trainee';

/** Longer gradients are cut to this. */
const CLIP_NORM = 1;

/** What is learned: all weights, those of the last layers, or additions of a low rank to all. */
export type Learns = Trainable | { readonly rank: number };

export interface TrainerOptions {
  readonly loss: LossName;
  readonly learns: Learns;
  /** Patches of a step. */
  readonly count: number;
  /** Sides of a patch and of a picture that is measured, in reduced pixels. */
  readonly patch: number;
  readonly measured: number;
}

/** Flat vectors: the weights, and the optimiser's two moments. */
export interface LearningState {
  readonly weights: Float32Array;
  readonly firstMoment: Float32Array;
  readonly secondMoment: Float32Array;
  /** Steps of the optimiser since its moments were zero. */
  readonly count: number;
}

export interface Stepped {
  /** Before the step. */
  readonly loss: number;
  /** Of the gradient, before it was cut. */
  readonly norm: number;
  readonly next: LearningState;
}

/** A scale's graphs, loaded in the runtime. */
interface Opened {
  readonly step: Graph;
  readonly forward: Graph;
}

const flat = (data: Float32Array): Numbers => ({ data, dims: [data.length] });
const single = (value: number): Numbers => ({ data: Float32Array.of(value), dims: [] });

/** Takes steps of training and measures with any weights: graphs of a trainee in the runtime, at each of its scales. */
export class Trainer {
  private constructor(
    readonly trainee: Trainee,
    readonly options: TrainerOptions,
    private readonly objective: Objective,
    readonly beginning: Float32Array,
    /** Operators behind which weights stay as they are. */
    readonly blockedBy: readonly string[],
    private readonly parameters: readonly Parameter[],
    private readonly lowRank: LowRank | undefined,
    private readonly graphs: ReadonlyMap<number, Opened>,
  ) {}

  /** Throws `bad-model` where nothing of the method can be learned, and says why. */
  static async open(trainee: Trainee, options: TrainerOptions, sessions: SessionPool): Promise<Trainer> {
    const run = runOnceIn(sessions, trainee.manifest.id);
    const { count, patch, measured } = options;
    const objective = trainee.objective(options.loss);
    const prepared: (Learnable & { scale: number; step: TrainingStep; forward: Uint8Array })[] = [];
    for (const scale of trainee.scales) {
      const graph = objective.graphAt(scale, count, patch);
      const learnable = await learnableOf(graph, objective, options.learns, run, trainee.manifest.id);
      const step = trainingStep(learnable.graph, graph.inputs, learnable.loss, learnable.parameters, {
        clipNorm: CLIP_NORM,
        weightDecay: 0,
      });
      const forward = await forwardModel(trainee.graphAt(scale, 1, measured), learnable, run);
      prepared.push({ ...learnable, scale, step, forward });
    }
    const [first] = prepared;
    const named = ({ parameters }: Learnable): string => parameters.map(({ name }) => name).join();
    if (!first || prepared.some((one) => named(one) !== named(first)))
      throw new Error('expected the same weights at every scale');
    const graphs = new Map<number, Opened>();
    for (const { scale, step, forward } of prepared) {
      const open = (content: Uint8Array, name: string): Promise<Graph> =>
        openGraph(sessions, modelInMemory(trainee.manifest.id, name, content));
      graphs.set(scale, {
        step: await open(step.model, `training step x${scale}`),
        forward: await open(forward, `training forward x${scale}`),
      });
    }
    const { blockedBy, parameters, lowRank } = first;
    return new Trainer(
      trainee,
      options,
      objective,
      flatWeights(first.graph, parameters),
      blockedBy,
      parameters,
      lowRank,
      graphs,
    );
  }

  /** How many numbers are learned. */
  get length(): number {
    return this.beginning.length;
  }

  /** One step from a state; the state itself stays as it was. */
  async step(scale: number, batch: Batch, state: LearningState, rate: number): Promise<Stepped> {
    const count = state.count + 1;
    const found = await this.graphs.get(scale)!.step.run({
      ...this.trainee.feeds(scale, batch.input),
      target: this.objective.targets(scale, batch),
      weights: flat(state.weights),
      firstMoment: flat(state.firstMoment),
      secondMoment: flat(state.secondMoment),
      rate: single(rate),
      correction1: single(1 - BETA_1 ** count),
      correction2: single(1 - BETA_2 ** count),
    });
    const vector = (name: string): Float32Array => found.get(name)!.data;
    return {
      loss: vector('loss')[0]!,
      norm: vector('norm')[0]!,
      next: {
        weights: vector('nextWeights'),
        firstMoment: vector('nextFirstMoment'),
        secondMoment: vector('nextSecondMoment'),
        count,
      },
    };
  }

  /** What a picture [1, channels, measured, measured] becomes with the weights. */
  async enlarge(scale: number, picture: Numbers, weights: Float32Array): Promise<Numbers> {
    const found = await this.graphs
      .get(scale)!
      .forward.run({ ...this.trainee.feeds(scale, picture), weights: flat(weights) });
    return [...found.values()][0]!;
  }

  /** The method's files with the weights. */
  saved(weights: Float32Array): SavedModel {
    if (!this.lowRank) return this.trainee.save(this.parameters, weights);
    return this.trainee.save(this.lowRank.adapted, mergedWeights(this.lowRank, weights));
  }

  async release(): Promise<void> {
    for (const { step, forward } of this.graphs.values()) {
      await step.release();
      await forward.release();
    }
  }
}

const runOnceIn =
  (sessions: SessionPool, method: string): RunOnce =>
  async (content, inputs) => {
    const graph = await openGraph(sessions, modelInMemory(method, 'graph', content));
    try {
      return await graph.run(inputs);
    } finally {
      await graph.release();
    }
  };

const sizesOf = ({ inputs }: OnnxGraph): Record<string, readonly number[]> =>
  Object.fromEntries(inputs.map(({ name, dims }) => [name, dims as readonly number[]]));

interface Learnable {
  readonly graph: StaticGraph;
  readonly loss: string;
  readonly parameters: readonly Parameter[];
  readonly lowRank: LowRank | undefined;
  readonly blockedBy: readonly string[];
}

/** The graph with its loss, and what of it is learned. */
async function learnableOf(
  model: OnnxGraph,
  { loss, targetDims }: Objective,
  learns: Learns,
  run: RunOnce,
  method: string,
): Promise<Learnable> {
  const still = await staticGraphOf(model, sizesOf(model), run);
  const training = await withLoss(still, model.outputs[0]!.name, loss, run, targetDims);
  const { parameters, blockedBy } = reachableParameters(training.graph, training.loss);
  const isLowRank = learns !== 'all' && 'rank' in learns;
  const trained = isLowRank ? parameters : chosen(parameters, learns);
  if (trained.length === 0) {
    const why =
      blockedBy.length > 0 ? `no gradient goes back through ${blockedBy.join(', ')}` : 'it has no weights';
    throw new FaultError(
      'bad-model',
      `Expected a method that can learn from photos, but ${method} cannot: ${why}; choose another one.`,
    );
  }
  if (!isLowRank) return { ...training, parameters: trained, lowRank: undefined, blockedBy };
  const lowRank = withLowRank(training.graph, trained, learns.rank);
  const { graph } = lowRank;
  return { graph, loss: training.loss, parameters: lowRank.parameters, lowRank, blockedBy };
}

/** The network alone, its learned weights an input as in the training step: measured without being loaded anew. */
async function forwardModel(
  model: OnnxGraph,
  { parameters, lowRank }: Learnable,
  run: RunOnce,
): Promise<Uint8Array> {
  const still = await staticGraphOf(model, sizesOf(model), run);
  for (const { name, dims } of lowRank?.adapted ?? parameters) {
    if (still.dims.get(name)?.join() === dims.join()) continue;
    throw new FaultError(
      'bad-model',
      `Expected weights that do not depend on the picture's size, but ${name} does; this model cannot learn from photos.`,
    );
  }
  const adapted = lowRank
    ? withLowRank(still, lowRank.adapted, lowRank.parameters[0]!.dims[1]!).graph
    : still;
  const builder = new GraphBuilder(still.opset, 'forward');
  unpack(builder, parameters);
  const isLearned = new Set(parameters.map(({ name }) => name));
  const nodes = [...builder.nodes, ...adapted.nodes];
  const used = new Set(nodes.flatMap(({ inputs }) => inputs));
  const constants = [...adapted.constants].filter(([name]) => used.has(name) && !isLearned.has(name));
  const weights = constants.map(([name, { dims, values, type }]): OnnxWeight => ({
    name,
    dims,
    values,
    type,
  }));
  const length = parameters.reduce((sum, { dims }) => sum + dims.reduce((all, dim) => all * dim, 1), 0);
  return onnxModel({
    inputs: [...model.inputs, { name: 'weights', dims: [length] }],
    outputs: model.outputs,
    nodes,
    weights: [...weights, ...builder.weights],
    opsets: still.opsets,
  });
}
