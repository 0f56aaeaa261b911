import { basename } from 'node:path';
import { FaultError } from '../../../shared/faults';
import type { GraphValue, Network } from '../../runtime/runtime';
import type { ModelRef } from '../../onnx/modelRef';
import type { DecoderControl } from './graphs';

/** What an input or output should be; a dimension of null may be anything. */
export interface ExpectedValue {
  readonly type: 'float32' | 'int32';
  readonly dims: readonly (number | null)[];
}

export interface ExpectedGraph {
  /** Every input that the graph may have; those marked it must have. */
  readonly inputs: Readonly<Record<string, ExpectedValue & { readonly needed?: boolean }>>;
  readonly output: { readonly name: string } & ExpectedValue;
}

const float = (...dims: readonly (number | null)[]): ExpectedValue => ({ type: 'float32', dims });
const needed = (value: ExpectedValue): ExpectedValue & { needed: boolean } => ({
  ...value,
  needed: true,
});

export const sourceGraph = (
  from: number,
  channels: number,
  { isLast, hasPrior }: { isLast: boolean; hasPrior: boolean },
): ExpectedGraph => ({
  inputs: {
    input: needed(float(1, from, null, null)),
    ...(isLast && hasPrior && { prior: needed(float(1, null)) }),
    ...(isLast && { photo: float(1, 3, null, null) }),
  },
  output: { name: 'output', ...float(1, channels, null, null) },
});

const offsetsOf = (axis: string): ExpectedGraph['inputs'] => ({
  [`${axis}Offset`]: float(2, null),
  [`${axis}Weight`]: float(2, null),
});

export function decoderGraph(channels: number, controls: readonly DecoderControl[]): ExpectedGraph {
  const axis = (name: string): ExpectedGraph['inputs'] => ({
    [`${name}Index`]: { type: 'int32', dims: [2, null] },
    ...offsetsOf(name),
  });
  return {
    inputs: {
      features: needed(float(1, channels, null, null)),
      ...axis('row'),
      ...axis('column'),
      cell: float(2),
      ...controlsOf(controls),
    },
    output: { name: 'output', ...float(1, 3, null, null) },
  };
}

const controlsOf = (controls: readonly DecoderControl[]): ExpectedGraph['inputs'] =>
  Object.fromEntries(controls.map((id) => [id, needed(float(1))]));

export const basisGraph = (functions: number, controls: readonly DecoderControl[]): ExpectedGraph => ({
  inputs: { ...offsetsOf('row'), ...offsetsOf('column'), cell: float(2), ...controlsOf(controls) },
  output: { name: 'rows', ...float(2, null, functions) },
});

export const priorGraph = (side: number, noise: number): ExpectedGraph => ({
  inputs: { patches: float(null, 3, side, side), noise: float(1, noise) },
  output: { name: 'prior', ...float(1, null) },
});

const written = ({ type, dims }: { type: string; dims: GraphValue['dims'] }): string =>
  `${type} [${dims.join(', ')}]`;

/** A dimension that the file leaves free fits every number. */
const fits = (found: GraphValue, { type, dims }: ExpectedValue): boolean =>
  found.type === type &&
  found.dims.length === dims.length &&
  dims.every((dim, k) => dim === null || typeof found.dims[k] !== 'number' || found.dims[k] === dim);

/**
 * Throws the fault `bad-model` where a loaded graph and the manifest do not agree, naming the file, what the
 * manifest makes of it, and what the file has.
 */
export function checkGraph(network: Network, model: ModelRef, expected: ExpectedGraph): void {
  const file = basename(model.path);
  const refuse = (what: string, received: string): never => {
    throw new FaultError(
      'bad-model',
      `Expected ${file} of ${model.method} to have ${what}, as its manifest and docs/implicit.md have it, ` +
        `received ${received}; export the method again.`,
      { file },
    );
  };
  const nameOf = ({ name }: GraphValue): string => name;
  for (const input of network.inputs) {
    const wanted = Object.hasOwn(expected.inputs, input.name) ? expected.inputs[input.name] : undefined;
    if (!wanted)
      return refuse(`inputs among ${Object.keys(expected.inputs).join(', ')}`, `one named ${input.name}`);
    const dims = wanted.dims.map((dim) => dim ?? '?');
    if (!fits(input, wanted))
      refuse(`the input ${input.name} as ${written({ type: wanted.type, dims })}`, written(input));
  }
  for (const [name, { needed: isNeeded }] of Object.entries(expected.inputs)) {
    if (!isNeeded || network.inputs.some((input) => input.name === name)) continue;
    refuse(`an input named ${name}`, `inputs named ${network.inputs.map(nameOf).join(', ')}`);
  }
  const { name, ...wanted } = expected.output;
  const output = network.outputs.find((one) => one.name === name);
  if (!output)
    return refuse(
      `an output named ${name}`,
      `outputs named ${network.outputs.map(nameOf).join(', ') || 'nothing'}`,
    );
  const dims = wanted.dims.map((dim) => dim ?? '?');
  if (!fits(output, wanted))
    refuse(`the output ${name} as ${written({ type: wanted.type, dims })}`, written(output));
}
