import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import type { Picture } from './editorPage';

/** The chart that this project draws itself. */
export const sampleFile = (): Promise<Buffer> => readFile('resources/sample/chart.png');

export async function decode(bytes: Buffer): Promise<Picture> {
  const { data, info } = await sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

/** A PNG whose pixels a function of their place gives, RGBA 0 to 255. */
export function paint(
  width: number,
  height: number,
  colour: (x: number, y: number) => readonly [number, number, number, number],
): Promise<Buffer> {
  const data = Buffer.alloc(width * height * 4);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) data.set(colour(x, y), (y * width + x) * 4);
  }
  return sharp(data, { raw: { width, height, channels: 4 } })
    .png()
    .toBuffer();
}

/** A part of a picture. */
export function cut(from: Picture, x: number, y: number, width: number, height: number): Picture {
  const data = Buffer.alloc(width * height * 4);
  for (let row = 0; row < height; row += 1) {
    const start = ((y + row) * from.width + x) * 4;
    from.data.copy(data, row * width * 4, start, start + width * 4);
  }
  return { width, height, data };
}
