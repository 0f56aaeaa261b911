import type { GraphBuilder } from '../../onnx/graphBuilder';
import type { Loss } from './loss';

/** The middle of the levels: a difference of nothing. */
export const MIDDLE_LEVEL = 128;
export const LEVELS = 256;

/** FCS weighs squared errors of colours in [0, 1] so, or they would be nothing beside the cross-entropy. */
const REGRESSED_WEIGHT = 650;

/** Mean over everything but the levels of -log of the share that the right level has. */
function meanCrossEntropy(g: GraphBuilder, logits: string, level: string): string {
  const levels = g.floats(
    [1, LEVELS, 1, 1, 1],
    Float32Array.from({ length: LEVELS }, (_, k) => k),
  );
  // 1 at the right level, 0 at every other: both are whole numbers.
  const isRight = g.op('Relu', [g.sub(g.scalar(1), g.op('Abs', [g.sub(levels, level)]))]);
  const log = g.op('LogSoftmax', [logits], { axis: 1 });
  return g.scaled(g.reduce('ReduceMean', g.mul(isRight, log), [0, 1, 2, 3, 4], false), -LEVELS);
}

/**
 * Cross-entropy of a choice among 256 levels (CS). `output`: logits [N, 256, C, H, W]; `target`: the right level
 * [N, 1, C, H, W], whole numbers from 0 to 255.
 */
export const crossEntropy: Loss = (g, { output, target }) => meanCrossEntropy(g, output, target);

/**
 * Frequency-specific cross-entropy (FCS): low frequencies by L2, the rest as a choice among 256 levels. `output`:
 * [N, 1 + 256, C, H, W], the low frequencies and then the logits; `target`: [N, 1 + 1, C, H, W], the low frequencies of
 * the original and the level of what they lack.
 */
export const frequencySpecific: Loss = (g, { output, target }) => {
  const part = (of: string, from: number, to: number): string => g.slice(of, 1, from, to);
  const apart = g.square(g.sub(part(output, 0, 1), part(target, 0, 1)));
  const regressed = g.reduce('ReduceMean', apart, [0, 1, 2, 3, 4], false);
  const chosen = meanCrossEntropy(g, part(output, 1, 1 + LEVELS), part(target, 1, 2));
  return g.add(g.scaled(regressed, REGRESSED_WEIGHT), chosen);
};
