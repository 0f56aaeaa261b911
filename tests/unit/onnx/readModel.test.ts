import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { externalDataBeside } from '../../../src/engine/onnx/externalData';
import type { OnnxGraph, OnnxWeight } from '../../../src/engine/onnx/graph';
import { onnxModel } from '../../../src/engine/onnx/onnxModel';
import { readModel } from '../../../src/engine/onnx/readModel';
import { writeBytes, writeText, writeWhole } from '../../../src/engine/onnx/wire';
import { FaultError } from '../../../src/shared/faults';
import { ownFolder } from '../../fixtures/ownFolder';

const WEIGHTS: OnnxWeight[] = [
  { name: 'single', dims: [2, 1], values: Float32Array.of(1.5, -2), type: 'float32' },
  { name: 'double', dims: [1], values: Float64Array.of(Math.PI), type: 'float64' },
  { name: 'half', dims: [2], values: Uint16Array.of(0x3c00, 0xbc00), type: 'float16' },
  { name: 'brain', dims: [1], values: Uint16Array.of(0x3f80), type: 'bfloat16' },
  { name: 'u8', dims: [3], values: Uint8Array.of(0, 128, 255), type: 'uint8' },
  { name: 'i8', dims: [2], values: Int8Array.of(-128, 127), type: 'int8' },
  { name: 'u16', dims: [1], values: Uint16Array.of(65535), type: 'uint16' },
  { name: 'i16', dims: [1], values: Int16Array.of(-32768), type: 'int16' },
  { name: 'u32', dims: [1], values: Uint32Array.of(4294967295), type: 'uint32' },
  { name: 'i32', dims: [1], values: Int32Array.of(-2147483648), type: 'int32' },
  { name: 'i64', dims: [2], values: BigInt64Array.of(-1n, 2n ** 63n - 1n), type: 'int64' },
  { name: 'u64', dims: [1], values: BigUint64Array.of(2n ** 64n - 1n), type: 'uint64' },
  { name: 'truth', dims: [2], values: Uint8Array.of(1, 0), type: 'bool' },
  { name: 'scalar', dims: [], values: Float32Array.of(0.25), type: 'float32' },
];

const GRAPH: OnnxGraph = {
  inputs: [{ name: 'input', dims: [1, 3, 'height', 'width'], type: 'float32' }],
  outputs: [{ name: 'output', dims: ['a', 3], type: 'float16' }],
  weights: WEIGHTS,
  nodes: [
    {
      op: 'Everything',
      inputs: ['input', '', 'single'],
      outputs: ['output', 'more'],
      domain: 'com.microsoft',
      attributes: {
        whole: -7,
        wholes: [0, 1, -1, 2 ** 52],
        float: { float: 0.5 },
        floats: { floats: [1, -0.25] },
        text: { text: 'crd' },
        texts: { texts: ['a', 'ä'] },
        tensor: { tensor: { dims: [2], values: Float32Array.of(3, 4), type: 'float32' } },
        subgraph: { subgraph: new Uint8Array(writeText(2, 'branch')) },
      },
    },
  ],
  opsets: { '': 17, 'com.microsoft': 1 },
};

/** A model of one TensorProto with those fields. */
const withTensor = (...fields: Uint8Array[]): Uint8Array =>
  Buffer.concat([
    writeWhole(1, 8),
    writeBytes(8, writeWhole(2, 17)),
    writeBytes(7, writeBytes(5, ...fields)),
  ]);

const firstWeight = (bytes: Uint8Array): OnnxWeight => readModel(bytes, 'a.onnx').weights![0]!;

describe('a model is read as it was written', () => {
  it('every type of number, attribute and shape', () => {
    const { nodes, weights, ...rest } = readModel(onnxModel(GRAPH), 'a.onnx');
    expect(weights).toEqual(WEIGHTS.map(({ name, dims, values, type }) => ({ name, dims, values, type })));
    expect(rest).toEqual({ inputs: GRAPH.inputs, outputs: GRAPH.outputs, opsets: GRAPH.opsets });
    const [{ attributes, ...node }] = nodes as [(typeof nodes)[0]];
    expect({ attributes: { ...attributes, subgraph: 0 }, ...node }).toEqual({
      ...GRAPH.nodes[0],
      attributes: { ...GRAPH.nodes[0]!.attributes, tensor: attributes!['tensor'], subgraph: 0 },
    });
    expect(attributes!['tensor']).toMatchObject({ tensor: { dims: [2], values: Float32Array.of(3, 4) } });
    const { subgraph } = attributes!['subgraph'] as { subgraph: Uint8Array };
    expect(Buffer.from(subgraph).equals(writeText(2, 'branch'))).toBe(true);
  });

  it('a bundled one written by PyTorch, the same after a second time', async () => {
    const once = readModel(await readFile('resources/models/fsrcnn/x2.onnx'), 'x2.onnx');
    expect(once.nodes.map(({ op }) => op).filter((op) => op !== 'PRelu')).toEqual(
      expect.arrayContaining(['Conv', 'ConvTranspose']),
    );
    expect(once.inputs).toEqual([{ name: 'input', dims: [1, 1, 'height', 'width'], type: 'float32' }]);
    expect(readModel(onnxModel(once), 'again.onnx')).toEqual(once);
  });

  it('numbers that are listed, packed or one by one, and not raw', () => {
    const header = [writeWhole(1, 2), writeText(8, 'listed')];
    const packed = withTensor(...header, writeWhole(2, 7), writeBytes(7, Uint8Array.of(5, 0xac, 2)));
    expect(firstWeight(packed).values).toEqual(BigInt64Array.of(5n, 300n));
    const single = withTensor(...header, writeWhole(2, 3), writeWhole(5, -3), writeWhole(5, 4));
    expect(firstWeight(single).values).toEqual(Int8Array.of(-3, 4));
    const floats = withTensor(
      ...header,
      writeWhole(2, 1),
      writeBytes(4, new Uint8Array(Float32Array.of(1, 2).buffer)),
    );
    expect(firstWeight(floats).values).toEqual(Float32Array.of(1, 2));
    const halves = withTensor(...header, writeWhole(2, 10), writeWhole(5, 0x3c00), writeWhole(5, 0));
    expect(firstWeight(halves)).toMatchObject({ type: 'float16', values: Uint16Array.of(0x3c00, 0) });
  });

  it('a weight that is listed among the inputs is none', () => {
    const listed = onnxModel({ ...GRAPH, inputs: [...GRAPH.inputs, { name: 'single', dims: [2, 1] }] });
    expect(readModel(listed, 'a.onnx').inputs.map(({ name }) => name)).toEqual(['input']);
  });
});

describe('what is no model is refused in a sentence', () => {
  it('wherever it is cut off', () => {
    const whole = onnxModel(GRAPH);
    for (let length = 0; length < whole.length; length += 3) {
      try {
        readModel(whole.subarray(0, length), 'cut.onnx');
        expect.fail(`${length} of ${whole.length} bytes were read as a model`);
      } catch (error) {
        expect(error).toBeInstanceOf(FaultError);
        expect((error as FaultError).message).toMatch(/^Expected cut\.onnx to be an ONNX model .*\.$/);
      }
    }
  });

  it('numbers that do not fill their shape, and types that are not numbers', () => {
    expect(() =>
      firstWeight(withTensor(writeWhole(1, 3), writeWhole(2, 1), writeBytes(9, new Uint8Array(8)))),
    ).toThrow(/should hold 3 numbers, and has 2/);
    expect(() => firstWeight(withTensor(writeWhole(1, -1), writeWhole(2, 1)))).toThrow(/negative size/);
    expect(() => firstWeight(withTensor(writeWhole(2, 8)))).toThrow(/numbers of type 8/);
  });
});

describe('weights in a file beside the model', () => {
  const naming = (location: string, offset: number, length: number): Uint8Array => {
    const entry = (key: string, value: string | number): Buffer =>
      writeBytes(13, writeText(1, key), writeText(2, String(value)));
    const parts = [entry('location', location), entry('offset', offset), entry('length', length)];
    return withTensor(writeWhole(1, 2), writeWhole(2, 1), writeText(8, 'w'), ...parts, writeWhole(14, 1));
  };

  async function folders(): Promise<string> {
    const root = await ownFolder('external');
    const folder = join(root, 'model');
    await mkdir(folder);
    const numbers = Buffer.from(Float32Array.of(7, 8, 9).buffer);
    await writeFile(join(folder, 'weights.bin'), numbers);
    await writeFile(join(root, 'secret'), numbers);
    await symlink(join(root, 'secret'), join(folder, 'link.bin'));
    return folder;
  }

  it('are read from their place in it', async () => {
    const read = externalDataBeside(join(await folders(), 'a.onnx'));
    const [weight] = readModel(naming('weights.bin', 4, 8), 'a.onnx', read).weights!;
    expect(weight!.values).toEqual(Float32Array.of(8, 9));
  });

  it.each([
    ['../secret', /leads out/],
    ['/etc/passwd', /leads out/],
    ['sub\\..\\..\\secret', /leads out/],
    ['link.bin', /leads out/],
    ['gone.bin', /is not there/],
    ['', /leads out/],
  ])('are refused as %s', async (location, why) => {
    const read = externalDataBeside(join(await folders(), 'a.onnx'));
    expect(() => readModel(naming(location, 0, 8), 'a.onnx', read)).toThrow(why);
  });

  it('are refused beyond the end of the file, and where none are expected', async () => {
    const read = externalDataBeside(join(await folders(), 'a.onnx'));
    expect(() => readModel(naming('weights.bin', 8, 8), 'a.onnx', read)).toThrow(/has 12 bytes/);
    expect(() => readModel(naming('weights.bin', 0, 8), 'a.onnx')).toThrow(/in another file/);
  });
});
