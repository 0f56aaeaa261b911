import { describe, expect, test } from 'vitest';
import { overlap, seenIn, type Edges } from '../../src/renderer/scene/seen';
import { seeded } from '../unit/seeded';

interface Picture extends Edges {
  readonly name: number;
  readonly opacity: number;
}

const part = { x: 3, y: 2, width: 20, height: 16 };
const random = seeded(7);

/** Pictures with whole edges, the topmost first, some of which let others shine through. */
const pile = (): Picture[] =>
  Array.from({ length: random.whole(0, 14) }, (_, name) => {
    const left = random.whole(-4, 20);
    const top = random.whole(-4, 16);
    return {
      name,
      left,
      top,
      right: left + random.whole(1, 16),
      bottom: top + random.whole(1, 16),
      opacity: random.real(0, 1) < 0.7 ? 1 : 0.5,
    };
  });

/** What shows in each pixel of the part, from the top down to the first opaque picture. */
function pixels(topFirst: readonly Picture[]): number[][] {
  const all: number[][] = [];
  for (let y = part.y; y < part.y + part.height; y += 1) {
    for (let x = part.x; x < part.x + part.width; x += 1) {
      const here = topFirst.filter((one) => overlap(one, { left: x, top: y, right: x + 1, bottom: y + 1 }));
      const ground = here.findIndex(({ opacity }) => opacity === 1);
      all.push((ground < 0 ? here : here.slice(0, ground + 1)).map(({ name }) => name));
    }
  }
  return all;
}

describe('what is seen of pictures that lie on one another', () => {
  test('every pixel looks as if all were drawn, and none is drawn of which no pixel is seen', () => {
    for (let round = 0; round < 200; round += 1) {
      const topFirst = pile();
      const seen = seenIn(topFirst, part);
      const looks = pixels(topFirst);
      expect(pixels([...seen].reverse())).toEqual(looks);
      expect(new Set(seen.map(({ name }) => name))).toEqual(new Set(looks.flat()));
      expect(seen.map(({ name }) => name)).toEqual(seen.map(({ name }) => name).sort((a, b) => b - a));
    }
  });

  test('once the part is covered nothing more is looked at', () => {
    function* endless(): Iterable<Picture> {
      yield { name: 0, left: 0, top: 0, right: 12.5, bottom: 40, opacity: 1 };
      yield { name: 1, left: 12.5, top: 0, right: 40, bottom: 40, opacity: 1 };
      throw new Error('a picture below was looked at');
    }
    expect(seenIn(endless(), part).map(({ name }) => name)).toEqual([1, 0]);
  });
});
