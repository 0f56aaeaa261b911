import type { OnnxNode, OnnxTensor } from './graph';

/**
 * A graph for inputs of one size: every shape is known, and all that depends on shapes and weights alone is a
 * constant. What is left are nodes that pictures flow through.
 */
export interface StaticGraph {
  /** Of ONNX's own operators. */
  readonly opset: number;
  /** Of all operators, as in `OnnxGraph`. */
  readonly opsets: Readonly<Record<string, number>>;
  readonly nodes: readonly OnnxNode[];
  readonly constants: ReadonlyMap<string, OnnxTensor>;
  /** Shape of every constant, input and result. */
  readonly dims: ReadonlyMap<string, readonly number[]>;
}

/** A whole number of a node, or what ONNX takes where it is not given. */
export function wholeAttribute(node: OnnxNode, name: string, otherwise: number): number {
  const value = node.attributes?.[name];
  return typeof value === 'number' ? value : otherwise;
}

export function floatAttribute(node: OnnxNode, name: string, otherwise: number): number {
  const value = node.attributes?.[name];
  return typeof value === 'object' && 'float' in value ? value.float : otherwise;
}

export function textAttribute(node: OnnxNode, name: string, otherwise: string): string {
  const value = node.attributes?.[name];
  return typeof value === 'object' && 'text' in value ? value.text : otherwise;
}

export function wholesAttribute(node: OnnxNode, name: string): readonly number[] | undefined {
  const value = node.attributes?.[name];
  return Array.isArray(value) ? (value as readonly number[]) : undefined;
}

/** The numbers of a constant as JavaScript's; those of 64 bits exact up to 2^53. */
export const numbersOf = ({ values }: OnnxTensor): number[] => Array.from(values, Number);
