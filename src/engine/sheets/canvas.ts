import type { Size } from '../../shared/geometry';
import { wholeOf } from '../../shared/geometry';
import { fromBytes, toBytes } from '../kernels/color/quantise';
import { resample } from '../kernels/resample/resample';
import type { Drawing, SheetPicture, SheetPictures } from './drawing';

/** Each dot the pixel that lies under its middle. */
function nearest({ rgb, width, height }: SheetPicture, to: Size): Uint8Array<ArrayBuffer> {
  const dots = new Uint8Array(3 * to.width * to.height);
  const columns = Int32Array.from(
    { length: to.width },
    (_, x) => 3 * Math.floor(((x + 0.5) * width) / to.width),
  );
  for (let y = 0, k = 0; y < to.height; y++) {
    const row = 3 * width * Math.floor(((y + 0.5) * height) / to.height);
    for (let x = 0; x < to.width; x++, k += 3) {
      const from = row + columns[x]!;
      dots[k] = rgb[from]!;
      dots[k + 1] = rgb[from + 1]!;
      dots[k + 2] = rgb[from + 2]!;
    }
  }
  return dots;
}

function smoothly({ rgb, width, height }: SheetPicture, to: Size): Uint8Array<ArrayBuffer> {
  const source = fromBytes(rgb, width, height, 3);
  const scale = { x: to.width / width, y: to.height / height };
  const whole = wholeOf<'source'>({ width, height });
  return toBytes(resample(source, whole, { width, height }, scale, wholeOf<'output'>(to), 'bicubic'));
}

/**
 * A picture as it is drawn on `to` dots: as many whole dots for each pixel as there are; where it has more pixels
 * than dots, or is to be `smooth`, by the antialiased bicubic.
 */
export function drawnPicture(picture: SheetPicture, to: Size, smooth: boolean): SheetPicture {
  const reduces = to.width < picture.width || to.height < picture.height;
  return {
    width: to.width,
    height: to.height,
    rgb: smooth || reduces ? smoothly(picture, to) : nearest(picture, to),
  };
}

/** Red, green, blue and alpha of every dot of a drawing, with its background and pictures and nothing else yet. */
export function paintPictures(drawing: Drawing, pictures: SheetPictures): Uint8Array<ArrayBuffer> {
  const { width, height, background } = drawing;
  const canvas = new Uint8Array(4 * width * height);
  if (background !== null) {
    const colour = Number.parseInt(`${background.slice(1)}ff`, 16);
    new DataView(canvas.buffer).setUint32(0, colour);
    new Uint32Array(canvas.buffer).fill(new Uint32Array(canvas.buffer, 0, 1)[0]!);
  }
  for (const item of drawing.items) {
    if (item.kind !== 'picture') continue;
    const { rgb } = drawnPicture(pictures.get(item.picture)!, item, item.smooth);
    for (let y = 0, from = 0; y < item.height; y++) {
      let at = 4 * ((item.y + y) * width + item.x);
      for (let x = 0; x < item.width; x++, at += 4, from += 3) {
        canvas[at] = rgb[from]!;
        canvas[at + 1] = rgb[from + 1]!;
        canvas[at + 2] = rgb[from + 2]!;
        canvas[at + 3] = 255;
      }
    }
  }
  return canvas;
}
