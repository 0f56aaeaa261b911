import { ELEMENT_TYPES, elementTypeOf, type ElementType, type OnnxNode } from './graph';

const NAMES = new Map<number, ElementType>(
  Object.entries(ELEMENT_TYPES).map(([name, code]) => [code, name as ElementType]),
);

const TRUTHS = new Set([
  'And',
  'Equal',
  'Greater',
  'GreaterOrEqual',
  'IsInf',
  'IsNaN',
  'Less',
  'LessOrEqual',
  'Not',
  'Or',
  'Xor',
]);
const WHOLES = new Set(['ArgMax', 'ArgMin', 'NonZero', 'Shape', 'Size']);

function constantType({ attributes = {} }: OnnxNode): ElementType {
  const { value } = attributes;
  if (typeof value === 'object' && 'tensor' in value) return elementTypeOf(value.tensor);
  return 'value_int' in attributes || 'value_ints' in attributes ? 'int64' : 'float32';
}

/** The type that an attribute names, if it does. */
function typeNamed({ attributes = {} }: OnnxNode, name: string): ElementType | undefined {
  const code = attributes[name];
  return typeof code === 'number' ? NAMES.get(code) : undefined;
}

/** The type of a node's first output, from those of its inputs. */
export function outputType(node: OnnxNode, typeOf: (name: string) => ElementType): ElementType {
  const { op, inputs } = node;
  if (op === 'Constant') return constantType(node);
  if (op === 'ConstantOfShape') {
    const { value } = node.attributes ?? {};
    return typeof value === 'object' && 'tensor' in value ? elementTypeOf(value.tensor) : 'float32';
  }
  if (op === 'Cast') return typeNamed(node, 'to') ?? 'float32';
  if (op === 'EyeLike') return typeNamed(node, 'dtype') ?? typeOf(inputs[0]!);
  if (op === 'DequantizeLinear') return 'float32';
  if (op === 'QuantizeLinear') return inputs[2] ? typeOf(inputs[2]) : 'uint8';
  if (TRUTHS.has(op)) return 'bool';
  if (WHOLES.has(op)) return 'int64';
  return typeOf(inputs[op === 'Where' ? 1 : 0]!);
}
