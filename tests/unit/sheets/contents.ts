import type { SheetContent, Row } from '../../../src/engine/sheets/content';
import type { Measure } from '../../../src/engine/sheets/drawing';
import type { SheetLayout, SheetStyle } from '../../../src/shared/sheet';

/** Every letter half an em wide: layouts need no fonts. */
export const plainMeasure: Measure = (text) => Array.from(text).length * 0.5;

export const STYLE: SheetStyle = {
  widthCm: 17,
  theme: 'light',
  figures: true,
  errorMap: false,
  scaleBar: false,
  title: 'A title of the sheet',
  caption: '',
};

/** A sheet of so many crops and cells. */
export function contentOf(
  layout: SheetLayout,
  crops: number,
  methods: number,
  style: Partial<SheetStyle> = {},
  side = 96,
): SheetContent {
  const regions = Array.from({ length: crops }, (_, k) => ({ x: 20 + 90 * k, y: 30, width: 80, height: 60 }));
  const rows = regions.map((region, r): Row => ({
    photo: { picture: 'photo-0', width: 640, height: 480, name: 'chart.png' },
    region,
    neighbours: regions,
    colour: ['#d55e00', '#0072b2', '#009e73', '#cc79a7'][r % 4]!,
    ...(layout === 'ladder' && { name: 'EDSR' }),
    cells: Array.from({ length: methods }, (_, m) => {
      const factor = layout === 'ladder' ? m + 1 : 1;
      return {
        picture: `crop-${r}-${m}`,
        size: { width: side * factor, height: (side * factor * 3) / 4 },
        ...(style.errorMap ? { error: `error-${r}-${m}` } : {}),
        name: `Method ${m}`,
        whole: [[{ text: '28.42 / 0.8123' }]],
        crop: [[{ text: '27.11 / 0.7810' }]],
      };
    }),
  }));
  return { layout, style: { ...STYLE, ...style }, caption: 'PSNR-Y and SSIM-Y, '.repeat(20), rows };
}
