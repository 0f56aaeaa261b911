import { describe, expect, test } from 'vitest';
import { byUrgency, distanceTo, type Candidate, type Reason } from '../../src/renderer/scene/urgency';
import { layerKey } from '../../src/shared/contract';
import { layer, square } from './sceneParts';

const candidate = (method: string, x: number, reason: Reason, distance: number): Candidate => {
  const of = layer(method, 2);
  return { layer: of, key: layerKey(of), tile: square(x), reason, distance };
};
const told = (candidates: readonly Candidate[]): string[] =>
  byUrgency(candidates).map((one) => `${one.layer.enlargement.method.id} ${one.tile.x} ${one.tier}`);

describe('urgency', () => {
  test('all that is quick and visible, then the overview, slow tiles, and what is around', () => {
    const order = told([
      candidate('edsr', 512, 'around', 1),
      candidate('edsr', 0, 'slow', 2),
      candidate('bicubic', 1024, 'overview', 0),
      candidate('bicubic', 512, 'quick', 900),
      candidate('bicubic', 0, 'quick', 3),
    ]);
    expect(order).toEqual([
      'bicubic 0 visible',
      'bicubic 512 visible',
      'bicubic 1024 visible',
      'edsr 0 visible',
      'edsr 512 prefetched',
    ]);
  });

  test('nearest the cursor first, whatever layer or pane a tile is of', () => {
    const order = told([
      candidate('edsr', 0, 'slow', 30),
      candidate('edsr', 512, 'slow', 10),
      candidate('srcnn', 0, 'slow', 20),
      candidate('srcnn', 512, 'slow', 5),
    ]);
    expect(order.map((one) => one.split(' ').slice(0, 2).join(' '))).toEqual([
      'srcnn 512',
      'edsr 512',
      'srcnn 0',
      'edsr 0',
    ]);
  });

  test('a tile that several panes want stands once, where it is most urgent', () => {
    const order = told([
      candidate('edsr', 0, 'around', 1),
      candidate('edsr', 0, 'slow', 50),
      candidate('edsr', 512, 'slow', 40),
    ]);
    expect(order).toEqual(['edsr 512 visible', 'edsr 0 visible']);
  });

  test('ties stay as they came', () => {
    const same = [3, 1, 2].map((x) => candidate('edsr', x, 'slow', 7));
    expect(byUrgency(same).map(({ tile }) => tile.x)).toEqual([3, 1, 2]);
  });

  test('distances are device pixels on the screen, the same for tiles of any scale', () => {
    const focus = {
      camera: { zoom: 4, x: 100, y: 100 },
      viewport: { width: 800, height: 600 },
      cursor: { x: 400, y: 300 },
    };
    // Both tiles have their middle at the photo's pixel 140, 100: 40 pixels right of the cursor, zoomed 4 times.
    const fine = { x: 4 * 140 - 10, y: 4 * 100 - 10, width: 20, height: 20 };
    const coarse = { x: 140 - 5, y: 100 - 5, width: 10, height: 10 };
    expect(distanceTo(fine, 4, focus)).toBeCloseTo(160, 9);
    expect(distanceTo(coarse, 1, focus)).toBeCloseTo(160, 9);
    expect(distanceTo(coarse, 1, { ...focus, cursor: null })).toBeCloseTo(160, 9);
    expect(distanceTo(coarse, 1, { ...focus, cursor: { x: 560, y: 300 } })).toBeCloseTo(0, 9);
  });
});
