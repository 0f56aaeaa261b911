import { describe, expect, it } from 'vitest';
import { invent, project, projectionNeeds } from '../../../src/engine/kernels/consistency/projection';
import { raster, type Raster } from '../../../src/engine/kernels/raster';
import { resample } from '../../../src/engine/kernels/resample/resample';
import { outputSize, rect, wholeOf, type Rect, type Size } from '../../../src/shared/geometry';
import { seeded } from '../seeded';

const PHOTO: Size = { width: 43, height: 37 };
const SCALES = [1, 1.37, 2, 2.5, 3, 4, Math.PI, 8];

/** A picture with smooth parts, edges and grain, from arithmetic alone. */
function picture(size: Size, channels = 3): Raster {
  const made = raster(size.width, size.height, channels);
  const random = seeded(5);
  for (let i = 0; i < made.data.length; i++) {
    const x = i % size.width;
    const y = Math.floor(i / size.width) % size.height;
    made.data[i] = 0.5 + 0.3 * Math.sin(x / 5 + y / 9) + (x > 20 ? 0.1 : 0) + random.real(-0.5, 0.5) * 0.1;
  }
  return made;
}

function cut(from: Raster, at: Rect, part: Rect): Raster {
  const out = raster(part.width, part.height, from.channels);
  for (let c = 0; c < from.channels; c++) {
    for (let y = 0; y < part.height; y++) {
      for (let x = 0; x < part.width; x++) {
        out.data[(c * part.height + y) * part.width + x] =
          from.data[(c * from.height + y + part.y - at.y) * from.width + x + part.x - at.x]!;
      }
    }
  }
  return out;
}

const reduce = (enlarged: Raster, scale: number, photo: Size): Raster =>
  resample(
    enlarged,
    wholeOf<'source'>(enlarged),
    enlarged,
    1 / scale,
    rect<'output'>(0, 0, photo.width, photo.height),
    'bicubic',
  );

const furthest = (a: Raster, b: Raster): number =>
  a.data.reduce((most, value, i) => Math.max(most, Math.abs(value - b.data[i]!)), 0);

function enlargement(photo: Raster, scale: number): { enlarged: Raster; whole: Rect<'output'> } {
  const whole = wholeOf<'output'>(outputSize(photo, scale));
  return {
    whole,
    enlarged: resample(photo, wholeOf<'source'>(photo), photo, scale, whole, 'lanczos3'),
  };
}

describe('projection onto consistent enlargements', () => {
  it.each(SCALES)('at x%f the reduced result is the photo, to 1e-6', (scale) => {
    const photo = picture(PHOTO);
    const { enlarged, whole } = enlargement(photo, scale);
    const needs = projectionNeeds(whole, PHOTO, scale);
    const projected = project(
      enlarged,
      whole,
      cut(photo, wholeOf(PHOTO), needs.source),
      needs,
      PHOTO,
      scale,
      whole,
    );
    expect(furthest(reduce(projected, scale, PHOTO), photo)).toBeLessThan(1e-6);
    if (scale > 1) expect(furthest(reduce(enlarged, scale, PHOTO), photo)).toBeGreaterThan(1e-3);
  });

  it('changes nothing that is consistent already', () => {
    const photo = picture(PHOTO);
    const { enlarged, whole } = enlargement(photo, 3);
    const needs = projectionNeeds(whole, PHOTO, 3);
    const once = project(enlarged, whole, photo, needs, PHOTO, 3, whole);
    const twice = project(once, whole, photo, needs, PHOTO, 3, whole);
    expect(furthest(once, twice)).toBeLessThan(1e-6);
  });

  it.each([2, 2.5, 4])('a tile at x%f is the whole there, far below 1/255', (scale) => {
    const size = { width: 90, height: 80 };
    const photo = picture(size);
    const { enlarged, whole } = enlargement(photo, scale);
    const all = projectionNeeds(whole, size, scale);
    const reference = project(enlarged, whole, photo, all, size, scale, whole);
    const tile = rect<'output'>(Math.round(40 * scale), Math.round(30 * scale), 33, 29);
    const needs = projectionNeeds(tile, size, scale);
    const made = project(
      cut(enlarged, whole, needs.enlarged),
      needs.enlarged,
      cut(photo, wholeOf(size), needs.source),
      needs,
      size,
      scale,
      tile,
    );
    expect(furthest(made, cut(reference, whole, tile))).toBeLessThan(2e-4);
  });

  it('makes alpha consistent as it does the colours that are multiplied by it', () => {
    const photo = picture(PHOTO, 4);
    const { enlarged, whole } = enlargement(photo, 2);
    const needs = projectionNeeds(whole, PHOTO, 2);
    const made = project(enlarged, whole, photo, needs, PHOTO, 2, whole);
    expect(furthest(reduce(made, 2, PHOTO), photo)).toBeLessThan(1e-5);
  });

  it('says what is missing around a tile', () => {
    const photo = picture(PHOTO);
    const { enlarged, whole } = enlargement(photo, 2);
    const tile = rect<'output'>(10, 10, 8, 8);
    const needs = projectionNeeds(tile, PHOTO, 2);
    expect(() => invent(cut(enlarged, whole, tile), tile, needs, PHOTO, 2, tile)).toThrow(/projectionNeeds/);
  });
});

describe('what is invented', () => {
  it('is what remains when the determined part is taken away: its reduction is zero', () => {
    const photo = picture(PHOTO);
    const { enlarged, whole } = enlargement(photo, 2.5);
    const invented = invent(enlarged, whole, projectionNeeds(whole, PHOTO, 2.5), PHOTO, 2.5, whole);
    expect(furthest(reduce(invented, 2.5, PHOTO), raster(PHOTO.width, PHOTO.height, 3))).toBeLessThan(1e-6);
    expect(Math.max(...invented.data)).toBeGreaterThan(0.005);
  });
});
