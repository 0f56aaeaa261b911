import { describe, expect, test } from 'vitest';
import { HANDLES, handlePlaces, type Frame } from '../../src/renderer/document/regionShape';
import { HANDLE_REACH, placeTags, TAG_HEIGHT, type Box } from '../../src/renderer/panels/regions/tagLayout';
import { shortName, tagWidths } from '../../src/renderer/panels/regions/tagText';

const room: Box = { left: 0, top: 0, right: 800, bottom: 600 };
const WIDTH = 96;
const CHIP = 36;
const frame = (id: string, left: number, top: number, width: number, height: number): Frame => ({
  id,
  left,
  top,
  right: left + width,
  bottom: top + height,
});
const lay = (frames: readonly Frame[], chosen: string | null = null, where = room, width = WIDTH) =>
  placeTags(
    frames.map((one) => ({ frame: one, width, chipWidth: CHIP })),
    chosen,
    where,
  );
type Placed = ReturnType<typeof lay>;
const boxOf = (tags: Placed, id: string): Box => {
  const { left, top, width } = tags.get(id)!;
  return { left, top, right: left + width, bottom: top + TAG_HEIGHT };
};
const meet = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
/** How much of a frame a tag covers, 0 to 1. */
const share = (tag: Box, of: Box): number => {
  const across = Math.min(tag.right, of.right) - Math.max(tag.left, of.left);
  const down = Math.min(tag.bottom, of.bottom) - Math.max(tag.top, of.top);
  return (Math.max(0, across) * Math.max(0, down)) / ((of.right - of.left) * (of.bottom - of.top));
};
const areClear = (tags: Placed): boolean => {
  const boxes = [...tags.keys()].map((id) => boxOf(tags, id));
  return boxes.every((box, index) => boxes.slice(index + 1).every((other) => !meet(box, other)));
};
const handlesOf = (of: Frame): Box[] =>
  HANDLES.map((handle) => {
    const { x, y } = handlePlaces(of)[handle];
    return {
      left: x - HANDLE_REACH,
      top: y - HANDLE_REACH,
      right: x + HANDLE_REACH,
      bottom: y + HANDLE_REACH,
    };
  });

/** Three small regions beside each other, as they are at Fit. */
const near = [
  frame('1', 300, 200, 30, 24),
  frame('2', 345, 204, 30, 24),
  frame('3', 318, 240, 30, 24),
] as const;

describe('the tags of regions', () => {
  test('alone, a tag lies in full above its frame, however small that is', () => {
    const tags = lay([near[0]]);
    expect(tags.get('1')).toMatchObject({ left: 300, width: WIDTH, isChip: false });
    expect(boxOf(tags, '1').bottom).toBeLessThan(200 - HANDLE_REACH);
  });

  test('near each other none lies over another or hides a frame of another, whichever is chosen', () => {
    for (const chosen of [null, '1', '2', '3']) {
      const tags = lay(near, chosen);
      expect(areClear(tags)).toBe(true);
      for (const { id } of near) {
        if (id === chosen) continue;
        const hidden = near.filter((other) => other.id !== id && share(boxOf(tags, id), other) > 1 / 4);
        expect(hidden.map((other) => other.id)).toEqual([]);
      }
    }
  });

  test('the chosen tag is in full, and no handle of its region lies over a tag', () => {
    for (const one of near) {
      const tags = lay(near, one.id);
      expect(tags.get(one.id)).toMatchObject({ width: WIDTH, isChip: false });
      for (const { id } of near) {
        expect(handlesOf(one).filter((handle) => meet(handle, boxOf(tags, id)))).toEqual([]);
      }
    }
  });

  test('among many a tag is a chip, and the chosen one is in full there, too', () => {
    const many = Array.from({ length: 15 }, (_, n) =>
      frame(`${n}`, 300 + (n % 5) * 45, 200 + Math.floor(n / 5) * 80, 30, 20),
    );
    expect([...lay(many).values()].filter(({ isChip }) => isChip).length).toBeGreaterThan(1);
    for (const { id } of many) {
      const tags = lay(many, id);
      expect(areClear(tags)).toBe(true);
      expect(tags.get(id)).toMatchObject({ width: WIDTH, isChip: false });
    }
  });

  test('choosing a region leaves its tag where a second click hits it', () => {
    const before = lay(near);
    for (const { id } of near) {
      const { left, right, top } = boxOf(before, id);
      const chosen = boxOf(lay(near, id), id);
      expect(chosen.top).toBe(top);
      expect(chosen.left).toBeLessThanOrEqual(left);
      expect(chosen.right).toBeGreaterThanOrEqual(right);
    }
  });

  test('a tag in a large region hides nothing of it, and one that fills the room has it inside', () => {
    const tags = lay([frame('whole', -50, -50, 900, 700), frame('part', 300, 200, 200, 150)]);
    expect(boxOf(tags, 'whole')).toMatchObject({ left: 6, top: 6 });
    expect([...tags.values()].map(({ isChip }) => isChip)).toEqual([false, false]);
  });

  test('tags stay in the room that rulers and labels leave, below a frame at its top', () => {
    const less: Box = { left: 16, top: 50, right: 300, bottom: 220 };
    const frames = [frame('1', 10, 40, 40, 30), frame('2', 270, 190, 40, 30), frame('3', 0, 100, 300, 20)];
    for (const chosen of [null, '1', '2', '3']) {
      const tags = lay(frames, chosen, less);
      for (const { id } of frames) {
        const { left, top, right, bottom } = boxOf(tags, id);
        expect(left).toBeGreaterThanOrEqual(less.left);
        expect(top).toBeGreaterThanOrEqual(less.top);
        expect(right).toBeLessThanOrEqual(less.right);
        expect(bottom).toBeLessThanOrEqual(less.bottom);
      }
    }
    expect(lay(frames, null, less).get('1')!.top).toBeGreaterThan(70);
  });

  test('a frame out of sight keeps its tag with it, and takes no place from others', () => {
    const away = frame('away', 300, -400, 30, 24);
    const tags = lay([away, near[0]], 'away');
    expect(boxOf(tags, 'away').bottom).toBeLessThan(0);
    expect(tags.get('1')).toEqual(lay([near[0]]).get('1'));
  });

  test('where there is room for none, each still has a place', () => {
    const many = Array.from({ length: 30 }, (_, index) => frame(`${index}`, 20 + index, 20, 8, 8));
    const tags = lay(many, '7', { left: 0, top: 0, right: 60, bottom: 50 });
    expect(tags.size).toBe(30);
    expect(tags.get('7')).toMatchObject({ isChip: false, width: 60 });
  });

  test('a long name is cut in a tag, but for the chosen one', () => {
    const [first] = near;
    expect(lay([first], null, room, 500).get('1')!.width).toBe(240);
    expect(lay([first], '1', room, 500).get('1')!.width).toBe(500);
  });
});

describe('what a tag says', () => {
  test('a chip says the number that a name ends with, or its first letter', () => {
    expect(['Region 12', '영역 3', 'Eye', '눈', ''].map(shortName)).toEqual(['12', '3', 'E', '눈', '']);
  });

  test('a chip is narrower than the tag in full', () => {
    const { width, chipWidth } = tagWidths((text) => text.length * 7, 'Region 1', '×4');
    expect(chipWidth).toBeLessThan(width / 2);
  });
});
