import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { fromBytes, toBytes } from '../../src/engine/kernels/color/quantise';
import { inverseOf, orient, ORIENTATIONS, orientedSize, orientRect } from '../../src/engine/kernels/orient';
import { rect } from '../../src/shared/geometry';
import { cropped, seeded } from './seeded';

describe.each(ORIENTATIONS)('orientation %d', (orientation) => {
  const random = seeded(orientation);

  it('is what EXIF means by it: libvips turns the same picture the same way', async () => {
    const picture = random.picture(5, 3, 3);
    const stored = await sharp(toBytes(picture), { raw: { width: 5, height: 3, channels: 3 } })
      .withMetadata({ orientation })
      .png()
      .toBuffer();
    const { data, info } = await sharp(stored).autoOrient().raw().toBuffer({ resolveWithObject: true });
    const ours = orient(fromBytes(toBytes(picture), 5, 3, 3), orientation);
    expect(ours).toMatchObject({ width: info.width, height: info.height });
    expect([...toBytes(ours)]).toEqual([...data]);
  });

  it('is undone by its inverse', () => {
    const picture = random.picture(9, 4, 2);
    expect(orient(orient(picture, orientation), inverseOf(orientation))).toEqual(picture);
    expect(inverseOf(inverseOf(orientation))).toBe(orientation);
  });

  it('takes rectangles where it takes their pixels', () => {
    const picture = random.picture(11, 7, 1);
    for (let k = 0; k < 20; k++) {
      const [x, y] = [random.whole(0, 10), random.whole(0, 6)];
      const part = rect(x, y, random.whole(1, 11 - x), random.whole(1, 7 - y));
      const moved = orientRect(part, picture, orientation);
      expect(cropped(orient(picture, orientation), moved)).toEqual(
        orient(cropped(picture, part), orientation),
      );
      expect(orientRect(moved, orientedSize(picture, orientation), inverseOf(orientation))).toEqual(part);
    }
  });
});

it('the eight orientations are eight', () => {
  const picture = seeded(0).picture(4, 4, 1);
  const seen = new Set(ORIENTATIONS.map((orientation) => orient(picture, orientation).data.join()));
  expect(seen.size).toBe(8);
});
