import { describe, expect, test } from 'vitest';
import {
  addPhoto,
  choosePhotoBeside,
  emptyDocument,
  removePhoto,
  replacePhoto,
} from '../../src/renderer/editor/editorDocument';
import {
  pixelsOf,
  scaleForCm,
  scaleForPixels,
  scaleForScale,
  sizeAt,
} from '../../src/renderer/editor/exactSize';
import {
  depthOf,
  fits,
  largestScale,
  nameProblem,
  renameFor,
  suggestName,
} from '../../src/renderer/editor/exportPlan';
import {
  estimateSeconds,
  figuresOf,
  groupMethods,
  makesScale,
  scalesText,
} from '../../src/renderer/editor/methodList';
import { commandOf, type Keystroke } from '../../src/renderer/editor/shortcuts';
import { premultiply } from '../../src/renderer/view/premultiply';
import { methodCard, photoInfo } from './fakeDoor';

const stroke = (key: string, part: Partial<Keystroke> = {}): Keystroke => ({
  key,
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...part,
});

describe('exact sizes', () => {
  test('entered pixels are reached exactly, for every side and size', () => {
    for (let side = 1; side <= 4001; side += 37) {
      for (let wanted = side; wanted <= side * 30; wanted += Math.max(1, Math.floor(side * 1.37))) {
        const choice = scaleForPixels(side, wanted);
        if (!choice.ok) throw new Error(`${wanted} of ${side} was refused`);
        expect(sizeAt({ width: side, height: 1 }, choice.scale, 300).width).toBe(wanted);
      }
    }
  });

  test('centimetres become the nearest whole pixels', () => {
    expect(pixelsOf(30, 300)).toBe(3543);
    const choice = scaleForCm(1024, 30, 300);
    expect(choice.ok && sizeAt({ width: 1024, height: 768 }, choice.scale, 300)).toMatchObject({
      width: 3543,
      height: 2657,
      widthCm: expect.closeTo(29.997, 3) as number,
    });
  });

  test('what cannot be made is refused, and says on which side', () => {
    expect(scaleForPixels(100, 99)).toEqual({ ok: false, limit: 'least' });
    expect(scaleForPixels(100, 3001)).toEqual({ ok: false, limit: 'most' });
    expect(scaleForScale(Number.NaN)).toEqual({ ok: false, limit: 'most' });
    expect(scaleForScale(30)).toEqual({ ok: true, scale: 30 });
  });
});

describe('the method list', () => {
  const cards = [
    methodCard({ id: 'edsr', name: 'EDSR', family: 'residual' }),
    methodCard(),
    methodCard({ id: 'odd', name: 'Odd', family: 'imported' }),
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
      'imported',
    ]);
  });

  test('every word of a search must be found, in name, family or paper', () => {
    const found = (search: string) =>
      groupMethods(cards, search).flatMap((group) => group.methods.map((m) => m.id));
    expect(found('dong 2016')).toEqual(['fsrcnn']);
    expect(found('RESIDUAL')).toEqual(['edsr']);
    expect(found('dong 1999')).toEqual([]);
    expect(found('  ')).toHaveLength(4);
  });

  test('scales as text, and which of them are made directly', () => {
    expect(scalesText(cards[3]!)).toBe('×2 3 4');
    expect(scalesText(cards[1]!)).toBe('×1–30');
    expect(makesScale(cards[3]!, 4)).toBe(true);
    expect(makesScale(cards[3]!, 2.5)).toBe(false);
    expect(makesScale(cards[1]!, 2.5)).toBe(true);
  });

  test('a time that was not measured is not guessed', () => {
    expect(estimateSeconds(methodCard({ secondsPerMegapixel: 2 }), 3)).toBe(6);
    expect(estimateSeconds(methodCard({ secondsPerMegapixel: null }), 3)).toBeNull();
  });

  test('bars run from the poorest to the best figure of the same dataset and scale', () => {
    const poor = methodCard({ id: 'a', psnrY: { Set5: { x2: 33.66 } } });
    const best = methodCard({ id: 'b', psnrY: { Set5: { x2: 37 } } });
    expect(figuresOf(best, [poor, best])[0]!.share).toBeCloseTo(1, 9);
    expect(figuresOf(poor, [poor, best])[0]!.share).toBeCloseTo(0.1, 9);
    expect(figuresOf(poor, [poor])[0]!.share).toBe(1);
  });
});

describe('the document', () => {
  const withThree = ['photo-1', 'photo-2', 'photo-3'].reduce(
    (document, photo) => addPhoto(document, photoInfo({ photo })),
    emptyDocument('fsrcnn', 4),
  );

  test('the newest photo is shown; commands leave the old document as it was', () => {
    expect(withThree.chosen).toBe('photo-3');
    removePhoto(withThree, 'photo-3');
    expect(withThree.photos).toHaveLength(3);
  });

  test('closing shows the neighbour; closing another changes nothing of the view', () => {
    const middle = { ...withThree, chosen: 'photo-2' };
    expect(removePhoto(middle, 'photo-2').chosen).toBe('photo-3');
    expect(removePhoto(withThree, 'photo-3').chosen).toBe('photo-2');
    expect(removePhoto(middle, 'photo-1').chosen).toBe('photo-2');
    expect(removePhoto(emptyDocument('x', 2), 'photo-1').chosen).toBeNull();
  });

  test('a photo opened anew takes its old place', () => {
    const next = replacePhoto(
      { ...withThree, chosen: 'photo-2' },
      'photo-2',
      photoInfo({ photo: 'photo-9' }),
    );
    expect(next.photos.map((photo) => photo.photo)).toEqual(['photo-1', 'photo-9', 'photo-3']);
    expect(next.chosen).toBe('photo-9');
  });

  test('stepping through photos stays at the ends', () => {
    expect(choosePhotoBeside(withThree, 1).chosen).toBe('photo-3');
    expect(choosePhotoBeside(withThree, -1).chosen).toBe('photo-2');
  });
});

describe('exports', () => {
  test('limits are known before the work', () => {
    expect(fits('webp', { width: 16_383, height: 1 })).toBe(true);
    expect(fits('webp', { width: 1, height: 16_384 })).toBe(false);
    expect(fits('png', { width: 30_000, height: 30_000 })).toBe(true);
    const scale = largestScale('webp', photoInfo({ width: 4000, height: 3000 }));
    expect(fits('webp', sizeAt({ width: 4000, height: 3000 }, scale, 300))).toBe(true);
    expect(scale).toBeCloseTo(4.09, 9);
  });

  test('sixteen bits stay where the format holds them', () => {
    const deep = photoInfo({ depth: 16 });
    expect(depthOf({ format: 'png' }, deep)).toBe(16);
    expect(depthOf({ format: 'jpeg' }, deep)).toBe(8);
    expect(depthOf({ format: 'avif' }, deep)).toBe(16);
    expect(depthOf({ format: 'tiff', depth: 8 }, deep)).toBe(8);
  });

  test('names say what was done and follow the format', () => {
    expect(suggestName('portrait.final.jpeg', 2.5, 'fsrcnn', 'tiff')).toBe('portrait.final-x2.5-fsrcnn.tif');
    expect(suggestName('.png', 4, 'edsr', 'png')).toBe('enlargement-x4-edsr.png');
    expect(renameFor('a.x4.PNG', 'jpeg')).toBe('a.x4.jpg');
    expect(renameFor('plain', 'webp')).toBe('plain.webp');
  });

  test('names that some system refuses are told', () => {
    expect(nameProblem('a.png')).toBeNull();
    expect(nameProblem(' .png')).toBe('empty');
    expect(nameProblem('a/b.png')).toBe('characters');
    expect(nameProblem('a\u0007.png')).toBe('characters');
    expect(nameProblem(`${'a'.repeat(300)}.png`)).toBe('long');
  });
});

describe('keys', () => {
  test('single keys run commands, but not while text is entered', () => {
    expect(commandOf(stroke('o'), false)).toBe('open');
    expect(commandOf(stroke('o'), true)).toBeNull();
    expect(commandOf(stroke('O', { ctrlKey: true }), true)).toBe('open');
    expect(commandOf(stroke('?'), false)).toBe('shortcuts');
    expect(commandOf(stroke('\\'), false)).toBe('panels');
  });

  test('a key works by its place while the keyboard writes Hangul', () => {
    expect(commandOf(stroke('ㄷ', { code: 'KeyE' }), false)).toBe('export');
  });

  test('Tab and the system’s own combinations are left alone', () => {
    expect(commandOf(stroke('Tab'), false)).toBeNull();
    expect(commandOf(stroke('e', { altKey: true }), false)).toBeNull();
    expect(commandOf(stroke('c', { ctrlKey: true }), false)).toBeNull();
  });
});

test('premultiplying weighs colours by their alpha and leaves opaque pixels alone', () => {
  const pixels = new Uint8Array([200, 100, 50, 255, 200, 100, 50, 128, 255, 255, 255, 0]);
  expect([...premultiply(pixels)]).toEqual([200, 100, 50, 255, 100, 50, 25, 128, 0, 0, 0, 0]);
});
