import { FaultError } from '../../shared/faults';
import type { Manifest } from '../../shared/manifest';
import type { OnnxGraph, OnnxNode } from '../onnx/graph';
import { wholeAttribute } from '../onnx/staticGraph';

/** Where a graph chooses among levels, by the names of its values. */
export interface LevelChoice {
  /** [N, H, W, C, 256], or [N, 256, C, H, W] where the levels are first, before they are sharpened. */
  readonly logits: string;
  /** As decoders of earlier versions have them, which may have been learned further since. */
  readonly levelsFirst: boolean;
  /** What is added to the chosen level [N, C, H, W], of methods that regress a part. */
  readonly regressed: string | undefined;
}

/** Whether a method's output is a choice among levels, which its control `crispness` sharpens. */
export const choosesLevels = ({ controls }: Manifest): boolean =>
  controls.some(({ id }) => id === 'crispness');

/**
 * Finds the choice in a decoder: the logits are what its one softmax is made of (divided by the temperature, where it
 * has one), and what its last sum adds to the expectation is regressed. What that is multiplied by at the very end is how
 * much structure the photo has there, which no level is chosen by.
 */
export function levelChoiceIn(decoder: OnnxGraph, method: string): LevelChoice {
  const makers = new Map<string, OnnxNode>(
    decoder.nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)),
  );
  const choices = decoder.nodes.filter(({ op }) => op === 'Softmax');
  const [softmax] = choices;
  if (!softmax || choices.length > 1) {
    throw new FaultError(
      'bad-model',
      `Expected one choice among levels in the decoder of ${method}, found ${choices.length}; this model cannot learn from photos.`,
    );
  }
  const sharpened = makers.get(softmax.inputs[0]!);
  const logits = sharpened?.op === 'Div' ? sharpened.inputs[0]! : softmax.inputs[0]!;
  const chosen = new Set(softmax.outputs);
  for (const { inputs, outputs } of decoder.nodes)
    if (inputs.some((name) => chosen.has(name))) outputs.forEach((name) => chosen.add(name));
  let last = makers.get(decoder.outputs[0]!.name);
  while (last?.op === 'Mul') {
    const multiplied = last.inputs.find((name) => chosen.has(name));
    last = multiplied === undefined ? undefined : makers.get(multiplied);
  }
  const regressed = last?.op === 'Add' ? last.inputs.find((name) => !chosen.has(name)) : undefined;
  return { logits, levelsFirst: wholeAttribute(softmax, 'axis', -1) === 1, regressed };
}
