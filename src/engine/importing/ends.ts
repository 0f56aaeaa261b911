import { FaultError } from '../../shared/faults';
import { ELEMENT_TYPES, type OnnxGraph, type OnnxNode, type OnnxValue } from '../onnx/graph';
import { inFloat32 } from '../onnx/inFloat32';

/** The oldest operator set in which what is put around a model can be written. */
const OLDEST_OPSET = 11;
const PICTURE_TYPES = new Set(['float32', 'float16', 'float64', 'bfloat16', 'uint8']);
/** Whose operators the runtime has: ONNX's own, and those of its own maker. */
const DOMAINS = new Set(['', 'com.microsoft', 'com.microsoft.nchwc']);

const INSIDE = 'model/';

const refusal = (name: string, why: string): FaultError =>
  new FaultError('bad-model', `Expected ${name} to be a model that enlarges pictures, but ${why}.`, {
    file: name,
  });

function expectPicture(name: string, values: readonly OnnxValue[], what: string): OnnxValue {
  const [value] = values;
  if (!value || values.length > 1)
    throw refusal(name, `it has ${values.length} ${what}s, where one picture is needed`);
  const { dims, type = 'float32' } = value;
  if (dims.length !== 4 && dims.length !== 0) {
    throw refusal(
      name,
      `its ${what} has ${dims.length} axes, where a picture has four (batch, channels, height, width)`,
    );
  }
  if (!PICTURE_TYPES.has(type))
    throw refusal(name, `its ${what} is of ${type}, where pictures are of float32, float16 or uint8`);
  return value;
}

function expectOperators(name: string, { nodes, opsets = {} }: OnnxGraph): void {
  const opset = opsets[''] ?? 1;
  if (opset < OLDEST_OPSET) {
    throw refusal(
      name,
      `it was exported for version ${opset} of ONNX's operators; export it for ${OLDEST_OPSET} or later`,
    );
  }
  for (const { op, domain = '', attributes = {} } of nodes) {
    if (!DOMAINS.has(domain)) throw refusal(name, `its operator ${op} is not one of ONNX but of "${domain}"`);
    const hasBranches = Object.values(attributes).some(
      (value) => typeof value === 'object' && 'subgraph' in value,
    );
    if (hasBranches)
      throw refusal(name, `it decides while it runs (${op}); export it traced, with fixed branches`);
  }
}

/** A model whose input `model/in` and output `model/out` are float32 pictures of any size, and how they are laid out. */
export interface Ends {
  readonly graph: OnnxGraph;
  /** As the file declares it, before it was freed. */
  readonly input: OnnxValue;
  readonly takesBytes: boolean;
}

/** What goes in and comes out, under names of their own and in float32. */
function withFloatEnds(graph: OnnxGraph): OnnxGraph {
  const [input, output] = [graph.inputs[0]!, graph.outputs[0]!];
  const renamed = (name: string): string => (name === '' ? '' : INSIDE + name);
  const nodes: OnnxNode[] = graph.nodes.map((node) => ({
    ...node,
    inputs: node.inputs.map(renamed),
    outputs: node.outputs.map(renamed),
  }));
  const type = ELEMENT_TYPES[input.type ?? 'float32'];
  const free = (name: string): OnnxValue => ({ name, dims: ['n', 'a', 'b', 'c'] });
  return {
    inputs: [free('model.in')],
    outputs: [free('model.out')],
    nodes: [
      { op: 'Cast', inputs: ['model.in'], outputs: [renamed(input.name)], attributes: { to: type } },
      ...nodes,
      {
        op: 'Cast',
        inputs: [renamed(output.name)],
        outputs: ['model.out'],
        attributes: { to: ELEMENT_TYPES.float32 },
      },
    ],
    weights: (graph.weights ?? []).map((weight) => ({ ...weight, name: renamed(weight.name) })),
    opsets: graph.opsets,
  };
}

/**
 * Checks what can be seen without running a stranger's model. Throws the fault `bad-model`, which says why it cannot
 * become a method.
 */
export function endsOf(graph: OnnxGraph, name: string): Ends {
  const input = expectPicture(name, graph.inputs, 'input');
  expectPicture(name, graph.outputs, 'output');
  expectOperators(name, graph);
  return { graph: withFloatEnds(inFloat32(graph)), input, takesBytes: input.type === 'uint8' };
}

export { refusal };
