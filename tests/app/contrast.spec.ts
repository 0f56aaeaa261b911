import { expect, test } from './test';

type Colour = readonly [number, number, number];

/** WCAG 2.2: relative luminance of an 8-bit sRGB colour, and the contrast of two. */
function luminance(colour: Colour): number {
  const [r, g, b] = colour.map((channel) => {
    const value = channel / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}
function contrast(a: Colour, b: Colour): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high! + 0.05) / (low! + 0.05);
}

const INKS = ['ink', 'ink-soft', 'ink-faint'];
const GROUNDS = ['surround', 'paper', 'panel', 'raised', 'raised-hover', 'pressed', 'row-hover', 'sunken'];

for (const theme of ['dark', 'light'] as const) {
  test.describe(`the ${theme} theme`, () => {
    test.use({ colorScheme: theme });

    test('has text that can be read, an accent that shows, and greys without tint', async ({ editor }) => {
      const names = [...INKS, ...GROUNDS, 'accent', 'hairline', 'edge'];
      const painted = await editor.page.evaluate((tokens) => {
        const canvas = new OffscreenCanvas(1, 1);
        const context = canvas.getContext('2d', { willReadFrequently: true });
        const swatch = document.body.appendChild(document.createElement('i'));
        const colours = tokens.map((token) => {
          swatch.style.color = `var(--${token})`;
          if (!context) throw new Error('no 2D canvas');
          context.fillStyle = getComputedStyle(swatch).color;
          context.fillRect(0, 0, 1, 1);
          const [r, g, b] = context.getImageData(0, 0, 1, 1).data;
          return [token, [r ?? 0, g ?? 0, b ?? 0]] as [string, Colour];
        });
        swatch.remove();
        return colours;
      }, names);
      const colour = new Map<string, Colour>(painted);

      const unreadable = INKS.flatMap((ink) =>
        GROUNDS.map((ground) => ({ ink, ground, ratio: contrast(colour.get(ink)!, colour.get(ground)!) })),
      ).filter(({ ratio }) => ratio < 4.5);
      expect(unreadable).toEqual([]);
      for (const ground of ['surround', 'panel', 'sunken']) {
        expect(contrast(colour.get('accent')!, colour.get(ground)!)).toBeGreaterThanOrEqual(3);
      }
      // One step apart is rounding.
      const tinted = painted.filter(
        ([name, rgb]) => name !== 'accent' && Math.max(...rgb) - Math.min(...rgb) > 1,
      );
      expect(tinted).toEqual([]);
    });
  });
}
