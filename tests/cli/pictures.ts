import { writeFileSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';

/** 8-bit RGB pixels of soft waves and a fine grid: something to enlarge, the same every time. */
export function waves(width: number, height: number): Buffer {
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = (y * width + x) * 3;
      const grid = (x % 7 === 0 ? 30 : 0) + (y % 5 === 0 ? 30 : 0);
      pixels[at] = 100 + 60 * Math.sin(x / 9) + grid;
      pixels[at + 1] = 100 + 60 * Math.cos(y / 7) + grid;
      pixels[at + 2] = 90 + 60 * Math.sin((x + y) / 11);
    }
  }
  return pixels;
}

/** Writes a picture of waves; its format is that of the path's extension. */
export async function writePicture(path: string, width: number, height: number): Promise<void> {
  await sharp(waves(width, height), { raw: { width, height, channels: 3 } }).toFile(path);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/** A PNG of a few hundred bytes that claims `side` x `side` pixels. */
export function writePngBomb(path: string, side: number): void {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 2, 0, 0, 0], 8);
  writeFileSync(
    path,
    Buffer.concat([
      Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
      chunk('IHDR', header),
      chunk('IDAT', deflateSync(Buffer.alloc(100_000))),
      chunk('IEND', Buffer.alloc(0)),
    ]),
  );
}
