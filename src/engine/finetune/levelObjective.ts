import type { Implicit } from '../../shared/manifest';
import { crossEntropy, frequencySpecific, LEVELS } from '../learning/losses/crossEntropy';
import { GraphBuilder } from '../onnx/graphBuilder';
import { pruned } from '../onnx/pruned';
import { enlargedBatch } from './enlargedBatch';
import { BASE } from './implicitNames';
import type { LevelChoice } from './levelChoice';
import { levelsBeside, lowAndLevels } from './levelTargets';
import type { Objective, Trainee } from './trainee';

/** 768 numbers an output pixel: a step of these takes what the usual one takes elsewhere. */
export const LEVEL_PATCHES = { count: 4, side: 16 } as const;

/** [N, H, W, C, 256] as losses take it. */
const LEVELS_FIRST = [0, 4, 3, 1, 2];

/**
 * The levels that a method chooses among beside the original's own level: that of the difference to the plain
 * enlargement (CS), or to low frequencies that it regresses (FCS).
 * @param graphAt the whole method; `prefix` of the names that `choice` has there.
 */
export function levelObjective(
  graphAt: Trainee['graphAt'],
  choice: LevelChoice,
  prefix: string,
  base: Implicit['base'],
): Objective {
  const { regressed } = choice;
  const scores: Trainee['graphAt'] = (scale, count, side) => {
    const whole = graphAt(scale, count, side);
    const [, channels, height, width] = whole.outputs[0]!.dims as number[];
    const dims = [count, LEVELS, channels!, height!, width!];
    const g = new GraphBuilder(whole.opsets?.[''] ?? 13, 'levels');
    const found = prefix + choice.logits;
    const logits = choice.levelsFirst ? found : g.transpose(found, LEVELS_FIRST);
    const output = { name: logits, dims };
    if (regressed !== undefined) {
      const low = base === 'none' ? prefix + regressed : g.add(prefix + regressed, BASE);
      output.name = g.op('Concat', [g.reshape(low, [count, 1, ...dims.slice(2)]), logits], { axis: 1 });
      output.dims = [count, 1 + LEVELS, ...dims.slice(2)];
    }
    return pruned({
      ...whole,
      nodes: [...whole.nodes, ...g.nodes],
      weights: [...(whole.weights ?? []), ...g.weights],
      outputs: [output],
    });
  };
  return {
    loss: regressed === undefined ? crossEntropy : frequencySpecific,
    graphAt: scores,
    targetDims: ([count, , ...rest]) => [count!, regressed === undefined ? 1 : 2, ...rest],
    targets: (scale, { input, target }) =>
      regressed === undefined
        ? levelsBeside(target, base === 'none' ? zerosLike(target) : enlargedBatch(input, scale, base))
        : lowAndLevels(target, scale),
  };
}

const zerosLike = ({ data, dims }: { data: Float32Array; dims: readonly number[] }) => ({
  data: new Float32Array(data.length),
  dims,
});
