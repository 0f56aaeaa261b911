import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { borderOf, edgesOf, manifestSchema } from '../../../src/shared/manifest';

const manifest = {
  format: 1,
  id: 'tiny-net',
  name: 'Tiny',
  family: 'convolutional',
  kind: 'network',
  channels: 'y',
  scales: [2, 4],
  weights: 1200,
  licence: { weights: 'MIT', data: 'CC0' },
  paper: { title: 'A tiny network', authors: 'Nobody', year: 2016 },
  files: [
    {
      scale: 2,
      file: 'x2.onnx',
      sha256: 'a'.repeat(64),
      receptiveField: { before: 4, after: 5 },
      macsPerPixel: 1200,
    },
  ],
  figures: { Set5: { x2: { psnrY: 36.5, paperPsnrY: null } } },
  goodAt: 'speed',
  badAt: 'texture',
};

describe('manifestSchema', () => {
  it('reads a manifest; a receptive field is exact unless it says otherwise', () => {
    const read = v.parse(manifestSchema, manifest);
    expect(read.files[0]?.receptiveField).toEqual({ before: 4, after: 5, exact: true });
  });

  it.each([
    ['another format', { format: 2 }],
    ['an id that is no folder name', { id: 'Tiny Net' }],
    ['no scales', { scales: [] }],
    ['a scale beyond 30', { scales: [31] }],
    ['no files', { files: [] }],
    ['a file outside its folder', { files: [{ ...manifest.files[0], file: '../x2.onnx' }] }],
    [
      'a body that is no body',
      { files: [{ ...manifest.files[0], body: { file: 'x.onnx', sha256: 'a'.repeat(64) } }] },
    ],
    ['a digest that is none', { files: [{ ...manifest.files[0], sha256: 'abc' }] }],
    ['an unknown kind', { kind: 'magic' }],
    [
      'half a pixel of receptive field',
      { files: [{ ...manifest.files[0], receptiveField: { before: 0.5, after: 1 } }] },
    ],
  ])('refuses %s', (_what, change) => {
    expect(v.safeParse(manifestSchema, { ...manifest, ...change }).success).toBe(false);
  });
});

describe('edgesOf', () => {
  const field = { before: 40, after: 9, exact: true };
  const measured = { overlap: 12, step: 0.04 };

  it('reads as far as the weights look, or as they could where that was not measured', () => {
    expect(edgesOf(field)).toEqual({ overlap: { before: 40, after: 9 }, seen: { before: 0, after: 0 } });
    expect(edgesOf({ ...field, measured }).overlap).toEqual({ before: 12, after: 9 });
  });

  it('reads further where tiles fade, and only what lies beyond what sees their edges is used', () => {
    const fading = { ...field, exact: false };
    expect(edgesOf(fading)).toEqual(edgesOf(field));
    expect(edgesOf({ ...fading, measured })).toEqual({
      overlap: { before: 20, after: 17 },
      seen: { before: 12, after: 9 },
    });
    const shared = 12 + 9 + 2 * 8;
    expect(edgesOf({ ...fading, measured }, 16).overlap).toEqual({ before: 16, after: 32 });
    for (const align of [1, 2, 5, 16, 20, 50]) {
      const { before, after } = edgesOf({ ...fading, measured }, align).overlap;
      expect((before + after) % align).toBe(0);
      expect(before + after - shared).toBeGreaterThanOrEqual(0);
      expect(before + after - shared).toBeLessThan(align);
      expect(after).toBeGreaterThanOrEqual(9);
    }
  });
});

describe('borderOf', () => {
  const field = { before: 40, after: 9, exact: true };
  const measured = { overlap: 12, step: 0.04 };

  it('is what was measured to be enough there, or all that is read', () => {
    expect(borderOf(field)).toEqual({ before: 40, after: 9 });
    expect(borderOf({ ...field, measured })).toEqual({ before: 12, after: 9 });
    const border = { overlap: 7, step: 0.8 };
    expect(borderOf({ ...field, measured: { ...measured, border } })).toEqual({ before: 7, after: 7 });
  });
});
