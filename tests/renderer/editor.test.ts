import { describe, expect, test } from 'vitest';
import { pixelsOf, reachOf, scaleOf, sizeAt } from '../../src/renderer/document/size';
import {
  estimateSeconds,
  figuresOf,
  groupMethods,
  makesScale,
  scalesText,
} from '../../src/renderer/editor/methodList';
import { commandOf, type Keystroke } from '../../src/renderer/editor/shortcuts';
import { premultiply } from '../../src/renderer/scene/drawing/premultiply';
import { methodCard } from './fakeDoor';

const stroke = (key: string, part: Partial<Keystroke> = {}): Keystroke => ({
  key,
  code: '',
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...part,
});

describe('exact sizes', () => {
  const square = (side: number) => ({ width: side, height: side });

  test('entered pixels are reached exactly, for every side and size', () => {
    for (let side = 1; side <= 4001; side += 37) {
      for (let wanted = side; wanted <= side * 30; wanted += Math.max(1, Math.floor(side * 1.37))) {
        const target = { by: 'pixels', side: 'width', pixels: wanted } as const;
        if (!reachOf(target, square(side), 300).ok) throw new Error(`${wanted} of ${side} was refused`);
        expect(sizeAt(square(side), scaleOf(target, square(side), 300), 300).width).toBe(wanted);
      }
    }
  });

  test('centimetres become the nearest whole pixels', () => {
    expect(pixelsOf(30, 300)).toBe(3543);
    const photo = { width: 1024, height: 768 };
    const scale = scaleOf({ by: 'print', side: 'width', cm: 30 }, photo, 300);
    expect(sizeAt(photo, scale, 300)).toMatchObject({
      width: 3543,
      height: 2657,
      widthCm: expect.closeTo(29.997, 3) as number,
    });
  });

  test('what cannot be made is refused, and says on which side', () => {
    const pixels = (wanted: number) => ({ by: 'pixels', side: 'width', pixels: wanted }) as const;
    expect(reachOf(pixels(99), square(100), 300)).toEqual({ ok: false, limit: 'least' });
    expect(reachOf(pixels(3001), square(100), 300)).toEqual({ ok: false, limit: 'most' });
    expect(reachOf({ by: 'scale', scale: Number.NaN }, square(100), 300)).toEqual({
      ok: false,
      limit: 'most',
    });
    expect(reachOf({ by: 'scale', scale: 30 }, square(100), 300)).toEqual({ ok: true });
  });
});

describe('the method list', () => {
  const cards = [
    methodCard({ id: 'edsr', name: 'EDSR', family: 'residual' }),
    methodCard(),
    methodCard({ id: 'odd', name: 'Odd', family: 'fractal' }),
    methodCard({
      id: 'fsrcnn',
      family: 'convolutional',
      name: 'FSRCNN',
      scales: [2, 3, 4],
      paper: { title: 'Accelerating', authors: 'Dong', year: 2016 },
    }),
  ];

  test('families stand in their order, an unknown one last', () => {
    expect(groupMethods(cards).map((group) => group.family)).toEqual([
      'interpolation',
      'convolutional',
      'residual',
      'fractal',
    ]);
  });

  test('models of the user’s own stand apart, after all that is bundled and known', () => {
    const mine = methodCard({ id: 'mine', family: 'convolutional', origin: 'personal', source: 'my garden' });
    const theirs = methodCard({ id: 'theirs', family: 'convolutional', origin: 'imported' });
    const groups = groupMethods([mine, theirs, ...cards]);
    expect(groups.map(({ family }) => family).slice(3)).toEqual(['imported', 'personal', 'fractal']);
    expect(groupMethods([mine, theirs], 'garden').flatMap(({ methods }) => methods)).toEqual([mine]);
    expect(groupMethods([mine, theirs], 'imported').flatMap(({ methods }) => methods)).toEqual([theirs]);
  });

  test('every word of a search must be found, in name, family or paper', () => {
    const found = (search: string) =>
      groupMethods(cards, search).flatMap((group) => group.methods.map((m) => m.id));
    expect(found('dong 2016')).toEqual(['fsrcnn']);
    expect(found('RESIDUAL')).toEqual(['edsr']);
    expect(found('dong 1999')).toEqual([]);
    expect(found('  ')).toHaveLength(4);
  });

  test('a task finds its methods, in either language', () => {
    const cards = [
      methodCard({ id: 'blind-edsr', name: 'Blind EDSR', family: 'blind' }),
      methodCard({ id: 'nearest', name: 'Nearest neighbour' }),
      methodCard({ id: 'edsr', name: 'EDSR', family: 'residual' }),
    ];
    const found = (search: string): string[] =>
      groupMethods(cards, search).flatMap(({ methods }) => methods.map(({ id }) => id));
    for (const search of ['noise', 'JPEG', 'old photo', '노이즈', '오래된 사진']) {
      expect(found(search), search).toEqual(['blind-edsr']);
    }
    expect(found('pixel art')).toEqual(['nearest']);
  });

  test('scales as text, and which of them are made directly', () => {
    expect(scalesText(cards[3]!)).toBe('×2 3 4');
    expect(scalesText(cards[1]!)).toBe('×1–30');
    expect(makesScale(cards[3]!, 4)).toBe(true);
    expect(makesScale(cards[3]!, 2.5)).toBe(false);
    expect(makesScale(cards[1]!, 2.5)).toBe(true);
  });

  test('a time that was not measured is not guessed', () => {
    expect(estimateSeconds(methodCard({ paces: { 2: 2 } }), 2, 3)).toBe(6);
    expect(estimateSeconds(methodCard({ paces: {} }), 2, 3)).toBeNull();
  });

  test('bars run from the poorest to the best figure of the same dataset and scale', () => {
    const poor = methodCard({ id: 'a', psnrY: { Set5: { x2: 33.66 } } });
    const best = methodCard({ id: 'b', psnrY: { Set5: { x2: 37 } } });
    expect(figuresOf(best, [poor, best])[0]!.share).toBeCloseTo(1, 9);
    expect(figuresOf(poor, [poor, best])[0]!.share).toBeCloseTo(0.1, 9);
    expect(figuresOf(poor, [poor])[0]!.share).toBe(1);
  });
});

describe('keys', () => {
  test('single keys run commands, but not while text is entered', () => {
    expect(commandOf(stroke('e'), 'none')).toBe('export');
    expect(commandOf(stroke('e'), 'draft')).toBeNull();
    expect(commandOf(stroke('O', { ctrlKey: true }), 'draft')).toBe('open');
    expect(commandOf(stroke('?'), 'none')).toBe('shortcuts');
    expect(commandOf(stroke('p'), 'none')).toBe('panels');
  });

  test('a key works by its place while the keyboard writes Hangul', () => {
    expect(commandOf(stroke('ㄷ', { code: 'KeyE' }), 'none')).toBe('export');
  });

  test('undo and redo are told apart by Shift, and left to a text that is being typed', () => {
    expect(commandOf(stroke('z', { ctrlKey: true }), 'none')).toBe('undo');
    expect(commandOf(stroke('Z', { metaKey: true, shiftKey: true }), 'field')).toBe('redo');
    expect(commandOf(stroke('y', { ctrlKey: true }), 'field')).toBe('redo');
    expect(commandOf(stroke('z', { ctrlKey: true }), 'draft')).toBeNull();
    expect(commandOf(stroke('ㅋ', { ctrlKey: true, code: 'KeyZ' }), 'none')).toBe('undo');
    expect(commandOf(stroke('z'), 'none')).toBe('actual');
  });

  test('Tab and the system’s own combinations are left alone', () => {
    expect(commandOf(stroke('Tab'), 'none')).toBeNull();
    expect(commandOf(stroke('e', { altKey: true }), 'none')).toBeNull();
    expect(commandOf(stroke('c', { ctrlKey: true }), 'none')).toBeNull();
  });
});

test('premultiplying weighs colours by their alpha and leaves opaque pixels alone', () => {
  const pixels = new Uint8Array([200, 100, 50, 255, 200, 100, 50, 128, 255, 255, 255, 0]);
  expect([...premultiply(pixels)]).toEqual([200, 100, 50, 255, 100, 50, 25, 128, 0, 0, 0, 0]);
});
