/**
 * The smallest model there is (y = Identity(x), one float), as ONNX protobuf bytes: opening it tells whether
 * a device is there without trusting any real model to it.
 */
const field = (number: number, payload: readonly number[]): number[] => [
  (number << 3) | 2,
  payload.length,
  ...payload,
];
const varint = (number: number, value: number): number[] => [number << 3, value];
const text = (number: number, value: string): number[] =>
  field(
    number,
    Array.from(value, (letter) => letter.charCodeAt(0)),
  );

function valueInfo(name: string): number[] {
  const shape = field(2, field(1, varint(1, 1))); // TensorShapeProto: one dimension of 1
  const tensor = field(1, [...varint(1, 1), ...shape]); // TypeProto.Tensor: elem_type FLOAT
  return [...text(1, name), ...field(2, tensor)];
}

/** ModelProto: ir_version 8, opset 13, a graph of one node. */
export function identityModel(): Uint8Array {
  const node = [...text(1, 'x'), ...text(2, 'y'), ...text(4, 'Identity')];
  const graph = [
    ...field(1, node),
    ...text(2, 'probe'),
    ...field(11, valueInfo('x')),
    ...field(12, valueInfo('y')),
  ];
  return Uint8Array.from([...varint(1, 8), ...field(8, varint(2, 13)), ...field(7, graph)]);
}
