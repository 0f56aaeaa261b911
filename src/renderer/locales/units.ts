import type { Units } from './readNumber';

/** What people write beside a scale; 1 is the photo's own size. */
export const SCALE_UNITS: Units = { x: 1, '×': 1, '*': 1, 배: 1, '%': 0.01, percent: 0.01, 퍼센트: 0.01 };
/** Beside a zoom in percent: a zoom can be written as a factor as well. */
export const ZOOM_UNITS: Units = { '%': 1, percent: 1, 퍼센트: 1, x: 100, '×': 100, '*': 100, 배: 100 };
export const PIXEL_UNITS: Units = { px: 1, pixel: 1, pixels: 1, 픽셀: 1 };
/** Beside a length in centimetres. */
export const LENGTH_UNITS: Units = {
  cm: 1,
  센티: 1,
  센티미터: 1,
  mm: 0.1,
  밀리미터: 0.1,
  m: 100,
  in: 2.54,
  inch: 2.54,
  inches: 2.54,
  인치: 2.54,
  '"': 2.54,
  '″': 2.54,
};
/** Beside mebibytes; people mean these by megabytes, too. */
export const MEMORY_UNITS: Units = { mib: 1, mb: 1, gib: 1024, gb: 1024 };
export const DENSITY_UNITS: Units = { dpi: 1, ppi: 1 };
