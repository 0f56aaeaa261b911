import { describe, expect, it } from 'vitest';
import type { Drawing, Item, Picture } from '../../../src/engine/sheets/drawing';
import { pieces, wrap } from '../../../src/engine/sheets/layout/lines';
import { layOut } from '../../../src/engine/sheets/layout/sheet';
import { densityFactor, drawnLength, fittingZoom } from '../../../src/engine/sheets/layout/zoom';
import { SHEET_LAYOUTS } from '../../../src/shared/sheet';
import { contentOf, plainMeasure } from './contents';
import { seeded } from '../seeded';

const pictures = ({ items }: Drawing): Picture[] =>
  items.filter((item): item is Picture => item.kind === 'picture');

interface Extent {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function extentOf(item: Item): Extent {
  if (item.kind === 'disc') {
    const { x, y, radius } = item;
    return { left: x - radius, right: x + radius, top: y - radius, bottom: y + radius };
  }
  if (item.kind !== 'text') {
    return { left: item.x, right: item.x + item.width, top: item.y, bottom: item.y + item.height };
  }
  const width = item.spans.reduce((sum, { text, weight }) => sum + plainMeasure(text, weight), 0) * item.size;
  const left = item.anchor === 'middle' ? item.x - width / 2 : item.x;
  return { left, right: left + width, top: item.baseline - item.size * 0.75, bottom: item.baseline };
}

const overlap = (a: Extent, b: Extent): boolean =>
  a.left < b.right - 1e-6 && b.left < a.right - 1e-6 && a.top < b.bottom - 1e-6 && b.top < a.bottom - 1e-6;

describe('a crop drawn on whole dots', () => {
  it('takes a whole number of dots for each pixel, or of pixels for each dot, and never more than there is room', () => {
    const some = seeded(3);
    for (let k = 0; k < 400; k++) {
      const pixels = some.whole(1, 900);
      const room = some.whole(1, 900);
      const zoom = fittingZoom(pixels, room);
      expect(Number.isInteger(zoom >= 1 ? zoom : Math.round(1e6 / zoom) / 1e6)).toBe(true);
      expect(drawnLength(pixels, zoom)).toBeLessThanOrEqual(room);
      if (zoom >= 1) expect((zoom + 1) * pixels).toBeGreaterThan(room);
    }
  });

  it('gets a density at which little of its column is left over', () => {
    expect(densityFactor([{ pixels: 100, room: 200 }])).toBe(1);
    expect(densityFactor([{ pixels: 96, room: 260 }])).toBe(2); // 192 of 260, 480 of 520: none is enough, the finer one is nearer
    expect(densityFactor([])).toBe(1);
  });
});

describe('lines of text', () => {
  it('hold the words and no more than there is room for', () => {
    const text =
      'PSNR of luma, SSIM of luma; reduced by the bicubic. 안녕하세요 세계 averyverylongwordthatfitsnowhere';
    expect(pieces(text).join('')).toBe(text);
    for (const room of [3, 7.5, 20, 200]) {
      const lines = wrap(text, room, plainMeasure);
      for (const line of lines) expect(plainMeasure(line[0]!.text, 'regular')).toBeLessThanOrEqual(room);
      expect(
        lines
          .map(([span]) => span!.text)
          .join('')
          .replace(/\s/g, ''),
      ).toBe(text.replace(/\s/g, ''));
    }
  });
});

describe.each(SHEET_LAYOUTS)('the layout %s', (layout) => {
  const cases = [
    { crops: 1, methods: 1, style: {} },
    { crops: 2, methods: 4, style: { errorMap: true } },
    { crops: 4, methods: 10, style: {} },
    { crops: 3, methods: 24, style: { widthCm: 8 } },
  ];

  it.each(cases)('keeps all inside and nothing over a picture: %o', ({ crops, methods, style }) => {
    const drawing = layOut(contentOf(layout, crops, methods, style), plainMeasure);
    expect(drawing.width).toBe(
      Math.round(((style.widthCm ?? 17) * 10 * drawing.density) / 25.4 - (2.4 * drawing.density) / 25.4) +
        2 * Math.round((1.2 * drawing.density) / 25.4),
    );
    const extents = drawing.items.map((item) => ({ item, ...extentOf(item) }));
    const outside = extents.filter(
      ({ left, top, right, bottom }) =>
        left < -0.01 || top < 0 || right > drawing.width + 0.01 || bottom > drawing.height + 0.01,
    );
    expect(outside).toEqual([]);
    const shown = extents.filter(({ item }) => item.kind === 'picture');
    const others = extents.filter(({ item }) => item.kind !== 'box');
    expect(shown.flatMap((a) => others.filter((b) => b !== a && overlap(a, b)))).toEqual([]);
  });

  it('draws every crop once, on whole dots', () => {
    const drawing = layOut(contentOf(layout, 3, 5), plainMeasure);
    const crops = pictures(drawing).filter(({ picture }) => picture.startsWith('crop'));
    expect(crops.map(({ picture }) => picture).sort()).toEqual(
      [0, 1, 2].flatMap((r) => [0, 1, 2, 3, 4].map((m) => `crop-${r}-${m}`)),
    );
    for (const { x, y, width, height } of crops) {
      for (const value of [x, y, width, height]) expect(Number.isInteger(value)).toBe(true);
      if (layout !== 'ladder') expect(width % 96).toBe(0);
    }
  });

  it('sets no text over another', () => {
    const drawing = layOut(contentOf(layout, 4, 10), plainMeasure);
    const texts = drawing.items.filter((item) => item.kind === 'text').map(extentOf);
    expect(texts.flatMap((a, k) => texts.slice(k + 1).filter((b) => overlap(a, b)))).toEqual([]);
  });
});

describe('a crop zoom', () => {
  it('is taken as asked for', () => {
    const drawing = layOut(contentOf('strip', 1, 4, { cropZoom: 3 }), plainMeasure);
    expect(drawing.density).toBe(300);
    expect(pictures(drawing).every(({ width }) => width === 288)).toBe(true);
  });

  it('that does not fit is refused with the one that does', () => {
    expect(() => layOut(contentOf('strip', 1, 4, { cropZoom: 9 }), plainMeasure)).toThrow(
      'Expected a crop zoom of at most 5 for these crops on 17 cm, received 9.',
    );
  });
});

describe('the paper layout', () => {
  it.each([
    { crops: 2, methods: 2 },
    { crops: 3, methods: 3 },
    { crops: 1, methods: 8 },
  ])('sets the captions of the photo and of the last crops on one line: %o', ({ crops, methods }) => {
    const { items } = layOut(contentOf('paper', crops, methods), plainMeasure);
    const baselines = (says: string): number[] =>
      items.flatMap((item) =>
        item.kind === 'text' && item.spans[0]!.text.startsWith(says) ? [item.baseline] : [],
      );
    const ofPhotos = baselines('chart.png');
    expect(ofPhotos).toHaveLength(crops);
    const ofLastCrops = baselines(`Method ${methods - 1}`);
    ofPhotos.forEach((baseline, k) => expect(baseline).toBeCloseTo(ofLastCrops[k]!, 6));
  });
});
