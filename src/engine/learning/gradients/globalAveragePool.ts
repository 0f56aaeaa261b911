import { countOf } from '../../onnx/graph';
import type { GradientRule } from './rule';

/** The mean of every channel. */
export const globalAveragePool: GradientRule = {
  saves: {},
  gradient({ g, dy, dims }) {
    const pixels = countOf(dims(0).slice(2));
    return g.op('Expand', [g.scaled(dy, 1 / pixels), g.wholes(dims(0))]);
  },
};
