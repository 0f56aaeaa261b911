/** What a tag says, and how wide that is: known before it is drawn, since where it lies hangs on it. */

/** Beside a tag's text, CSS pixels: of a chip its ends, the swatch and a gap; of a full one another gap, too. */
const CHIP_AROUND = 29;
const FULL_AROUND = 35;
/** Widths are measured without what the page's type does to figures. */
const SLACK = 2;

/** What tells a name from others where there is no room for it: the number that it ends with, or its first letter. */
export function shortName(name: string): string {
  const [number] = /\d{1,3}$/.exec(name) ?? [];
  const [letter] = name;
  return number ?? letter ?? '';
}

/** Measures text in a type, CSS pixels; roughly where nothing can be drawn. */
export function textMeter(font: string): (text: string) => number {
  const context = document.createElement('canvas').getContext('2d');
  if (context) context.font = font;
  const known = new Map<string, number>();
  return (text) => {
    const width = known.get(text) ?? context?.measureText(text).width ?? text.length * 7;
    known.set(text, width);
    return width;
  };
}

/** How wide a tag is in full, and as a chip. */
export const tagWidths = (
  measure: (text: string) => number,
  name: string,
  scale: string,
): { readonly width: number; readonly chipWidth: number } => ({
  width: Math.ceil(measure(name) + measure(scale)) + FULL_AROUND + SLACK,
  chipWidth: Math.ceil(measure(shortName(name))) + CHIP_AROUND + SLACK,
});
