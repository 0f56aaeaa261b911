import type { GraphBuilder } from '../onnx/graphBuilder';

/** Kingma and Ba, "Adam: A method for stochastic optimization", 2015, with the constants given there. */
export const BETA_1 = 0.9;
export const BETA_2 = 0.999;
const EPSILON = 1e-8;

/** Flat vectors of one length. */
export interface AdamState {
  readonly weights: string;
  readonly firstMoment: string;
  readonly secondMoment: string;
}

export interface AdamOptions {
  /** Length to which a longer gradient is cut (Pascanu et al., "On the difficulty of training RNNs", 2013); 0: none is. */
  readonly clipNorm: number;
  /** Decoupled (Loshchilov and Hutter, "Decoupled weight decay regularization", 2019); 0: none. */
  readonly weightDecay: number;
}

/** Numbers that change from step to step, and so are inputs of one graph. */
export interface AdamPace {
  readonly rate: string;
  /** 1 - beta^t of either moment: what corrects the bias of moments that began at zero. */
  readonly correction1: string;
  readonly correction2: string;
}

/** Emits one step: names of the new state, and of the gradient's length before it was cut. */
export function adamStep(
  g: GraphBuilder,
  state: AdamState,
  gradient: string,
  pace: AdamPace,
  { clipNorm, weightDecay }: AdamOptions,
): AdamState & { norm: string } {
  const norm = g.op('Sqrt', [g.reduce('ReduceSum', g.square(gradient), [0], false)]);
  const limit = g.scalar(clipNorm);
  const isLong = g.op('Greater', [norm, limit]);
  const share = g.where(isLong, g.div(limit, norm), g.scalar(1));
  const cut = clipNorm > 0 ? g.mul(gradient, share) : gradient;
  const mixed = (old: string, beta: number, fresh: string): string =>
    g.add(g.scaled(old, beta), g.scaled(fresh, 1 - beta));
  const firstMoment = mixed(state.firstMoment, BETA_1, cut);
  const secondMoment = mixed(state.secondMoment, BETA_2, g.square(cut));
  const deviation = g.op('Sqrt', [g.div(secondMoment, pace.correction2)]);
  const step = g.div(g.div(firstMoment, pace.correction1), g.add(deviation, g.scalar(EPSILON)));
  const pulled = weightDecay > 0 ? g.add(step, g.scaled(state.weights, weightDecay)) : step;
  return { weights: g.sub(state.weights, g.mul(pace.rate, pulled)), firstMoment, secondMoment, norm };
}
