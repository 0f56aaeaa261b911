import type { GraphBuilder } from '../../onnx/graphBuilder';
import { l1 } from './l1';
import { meanOf, type Compared, type Loss } from './loss';

const WINDOW = 11;
const SIGMA = 1.5;
const C1 = 0.01 ** 2;
const C2 = 0.03 ** 2;
const SHARE = 0.84;

/** A Gaussian of the window's size whose sum is 1. */
function gaussian(): number[] {
  const values = Array.from({ length: WINDOW }, (_, k) =>
    Math.exp(-((k - (WINDOW - 1) / 2) ** 2) / (2 * SIGMA ** 2)),
  );
  const sum = values.reduce((all, value) => all + value, 0);
  return values.map((value) => value / sum);
}

/** Gaussian means of every channel for itself, where the window fits: columns, then rows. */
function blurred(g: GraphBuilder, picture: string, channels: number): string {
  const kernel = Float32Array.from(Array.from({ length: channels }, gaussian).flat());
  const column = g.floats([channels, 1, WINDOW, 1], kernel);
  const row = g.floats([channels, 1, 1, WINDOW], kernel);
  const attributes = { group: channels };
  return g.op('Conv', [g.op('Conv', [picture, column], attributes), row], attributes);
}

/**
 * Mean structural similarity (Wang et al., "Image quality assessment: from error visibility to structural similarity",
 * 2004) over every channel; pictures of at least 11 x 11. 1 where both are equal.
 */
export function meanSsim(g: GraphBuilder, { output, target, dims }: Compared): string {
  const channels = dims[1]!;
  const mean = (picture: string): string => blurred(g, picture, channels);
  const [a, b] = [mean(output), mean(target)];
  const [aa, bb, ab] = [g.square(a), g.square(b), g.mul(a, b)];
  const varianceA = g.sub(mean(g.square(output)), aa);
  const varianceB = g.sub(mean(g.square(target)), bb);
  const covariance = g.sub(mean(g.mul(output, target)), ab);
  const [c1, c2] = [g.scalar(C1), g.scalar(C2)];
  const above = g.mul(g.add(g.scaled(ab, 2), c1), g.add(g.scaled(covariance, 2), c2));
  const below = g.mul(g.add(g.add(aa, bb), c1), g.add(g.add(varianceA, varianceB), c2));
  return meanOf(g, g.div(above, below), dims.length);
}

/** 0.84 (1 - SSIM) + 0.16 L1: the mix of Zhao et al., "Loss functions for image restoration with neural networks", 2017. */
export const ssimMix: Loss = (g, compared) => {
  const unlike = g.sub(g.scalar(1), meanSsim(g, compared));
  return g.add(g.scaled(unlike, SHARE), g.scaled(l1(g, compared), 1 - SHARE));
};
