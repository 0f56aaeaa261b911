import { describe, expect, it } from 'vitest';
import { methodSum } from '../../src/engine/methods/methodSum';
import { methodSumSchema } from '../../src/shared/enlargement';
import type { Manifest } from '../../src/shared/manifest';
import * as v from 'valibot';

const sha = (digit: string): string => digit.repeat(64);
const field = { before: 1, after: 1, exact: true };
const file = (scale: number, digit: string, more: object = {}): Manifest['files'][number] => ({
  scale,
  file: `x${scale}.onnx`,
  sha256: sha(digit),
  receptiveField: field,
  macsPerPixel: 1,
  ...more,
});
const graph = (name: string, digit: string) => ({ file: `${name}.onnx`, sha256: sha(digit), shared: false });

const of = (part: Partial<Manifest>): string => methodSum({ files: [], ...part } as unknown as Manifest);

describe('the sum of a method', () => {
  it('is the same for the same files in any order, and fit for the contract', () => {
    const sum = of({ files: [file(2, 'a'), file(3, 'b')] });
    expect(of({ files: [file(3, 'b'), file(2, 'a')] })).toBe(sum);
    expect(v.is(methodSumSchema, sum)).toBe(true);
  });

  it('is what sha256sum says of the sorted lines', () => {
    // printf 'x2.onnx %064d\nx3.onnx %064d\n' 0 0 | sha256sum | cut -c1-16
    expect(of({ files: [file(3, '0'), file(2, '0')] })).toBe('2c98c0451e05fc16');
  });

  it('changes with every file that a method can have', () => {
    const implicit = (digits: readonly string[]): Partial<Manifest> => {
      const [source, decoder, onCpu, prior, basis] = digits as [string, string, string, string, string];
      return {
        implicit: {
          source: [{ ...graph('source', source), channels: 3 }],
          decoder: {
            ...graph('decoder', decoder),
            onCpu: graph('quick', onCpu),
            basis: { ...graph('basis', basis), functions: 8 },
          },
          prior: { ...graph('prior', prior), side: 8, noise: 1 },
        } as unknown as NonNullable<Manifest['implicit']>,
      };
    };
    const body = { file: 'body.bin', sha256: sha('c') };
    const sums = [
      of({ files: [file(2, 'a')] }),
      of({ files: [file(2, 'b')] }),
      of({ files: [file(3, 'a')] }),
      of({ files: [file(2, 'a', { body })] }),
      of({ files: [file(2, 'a', { body: { ...body, sha256: sha('d') } })] }),
      of({ files: [file(2, 'a', { blend: { file: 'second.onnx', sha256: sha('c'), ranges: [] } })] }),
      of(implicit(['0', '0', '0', '0', '0'])),
      ...[0, 1, 2, 3, 4].map((at) => of(implicit([0, 1, 2, 3, 4].map((i) => (i === at ? '1' : '0'))))),
    ];
    expect(new Set(sums).size).toBe(sums.length);
  });
});
