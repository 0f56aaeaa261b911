import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

/** The tokens as the page reads them. */
const css = readFileSync('src/renderer/tokens.css', 'utf8');
type Colour = readonly [number, number, number];

/** OKLCh to linear sRGB (Björn Ottosson, "A perceptual color space for image processing", 2020). */
function linear(lightness: number, chroma: number, hueDegrees: number): Colour {
  const a = chroma * Math.cos((hueDegrees * Math.PI) / 180);
  const b = chroma * Math.sin((hueDegrees * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

function token(name: string, theme: 'light' | 'dark'): Colour {
  const value = new RegExp(`--${name}: light-dark\\(oklch\\(([\\d. ]+)\\), oklch\\(([\\d. ]+)\\)\\)`).exec(
    css,
  );
  if (!value) throw new Error(`tokens.css has no --${name} of two opaque colours`);
  const [lightness, chroma, hue] = value[theme === 'light' ? 1 : 2]!.split(' ').map(Number);
  return linear(lightness!, chroma!, hue!);
}

/** WCAG 2.2 relative luminance and contrast ratio. */
const luminance = (colour: Colour): number => {
  const [r, g, b] = colour.map((channel) => Math.min(1, Math.max(0, channel)));
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
};
function contrast(a: Colour, b: Colour): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high! + 0.05) / (low! + 0.05);
}

describe.each(['dark', 'light'] as const)('the %s theme', (theme) => {
  test.each(['surround', 'paper', 'panel', 'raised', 'raised-hover', 'pressed', 'row-hover', 'sunken'])(
    'all text can be read on %s',
    (ground) => {
      for (const ink of ['ink', 'ink-soft', 'ink-faint']) {
        expect([ink, contrast(token(ink, theme), token(ground, theme)) >= 4.5]).toEqual([ink, true]);
      }
    },
  );

  test('the accent shows on every ground, as a ring or a bar', () => {
    for (const ground of ['surround', 'panel', 'sunken']) {
      expect(contrast(token('accent', theme), token(ground, theme))).toBeGreaterThanOrEqual(3);
    }
  });

  test('greys are neutral: no tint beside the photo', () => {
    const greys = css.match(/--(surround|panel|raised|ink|hairline)[\w-]*: light-dark\([^;]+/g)!;
    for (const grey of greys) expect(grey).toMatch(/oklch\([\d.]+ 0 0\), oklch\([\d.]+ 0 0\)/);
  });
});
