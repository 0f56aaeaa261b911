import { describe, expect, it } from 'vitest';
import { raster, type Raster } from '../../../src/engine/kernels/raster';
import type { ModelRef } from '../../../src/engine/onnx/modelRef';
import { expectPicture } from '../../../src/engine/runtime/outputCheck';
import { seeded } from '../seeded';

const model = { method: 'mine', path: '/models/mine/x2.onnx' } as ModelRef;
const photo = seeded(1).picture(6, 5, 3);
const flat = (value: number): Raster => raster(4, 4, 1, new Float32Array(16).fill(value));

describe('what a network answers', () => {
  it('is a picture of any size where all values are finite and not all the same', () => {
    for (let width = 1; width <= 9; width++) {
      const answer = seeded(width).picture(width, 3, 1);
      expect(() => expectPicture(photo, answer, model)).not.toThrow();
      const huge = answer.data.map((value) => value * 3e38);
      expect(() => expectPicture(photo, raster(width, 3, 1, huge), model)).not.toThrow();
    }
  });

  it('is none where one value is no finite number, wherever it lies', () => {
    for (let length = 2; length <= 9; length++) {
      for (const wrong of [NaN, Infinity, -Infinity]) {
        for (let at = 0; at < length; at++) {
          const answer = raster(
            length,
            1,
            1,
            Float32Array.from({ length }, (_, k) => k / length),
          );
          answer.data[at] = wrong;
          expect(() => expectPicture(photo, answer, model)).toThrow(
            'Expected x2.onnx of mine to give a picture, but it gives values that are not finite numbers',
          );
        }
      }
    }
  });

  it('is looked at to the end of a large tile', () => {
    const { data } = seeded(2).picture(97, 89, 1);
    for (let i = 0; i < data.length; i++) data[i]! -= 0.5;
    expect(() => expectPicture(photo, raster(97, 89, 1, data), model)).not.toThrow();
    for (const at of [4095, 4096, 8192, data.length - 1]) {
      const wrong = data.slice();
      wrong[at] = -Infinity;
      expect(() => expectPicture(photo, raster(97, 89, 1, wrong), model)).toThrow('not finite numbers');
    }
  });

  it('is none where it is flat and the photo is not', () => {
    expect(() => expectPicture(photo, flat(0.5), model)).toThrow('it gives one flat colour');
    for (const same of [flat(0.3), raster(2, 1, 1, Float32Array.of(0.3, 0.34))]) {
      expect(() => expectPicture(same, flat(0.5), model)).not.toThrow();
    }
  });
});
