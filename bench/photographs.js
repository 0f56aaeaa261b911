import sharp from 'sharp';

/**
 * A picture of known size with detail everywhere, so that no codec and no network has it too easy.
 * Drawn row by row by arithmetic: nothing of others is needed to repeat a benchmark.
 * @param {string} path ending in .jpg or .png
 */
export async function drawPhotograph(path, width, height) {
  const data = Buffer.alloc(width * height * 3);
  let state = 1;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      state = (Math.imul(state, 1664525) + 1013904223) | 0;
      const grain = (state >>> 24) / 24;
      const wave = 60 * Math.sin(x / 17 + y / 41) + 40 * Math.sin((x * y) / 9000);
      data[at++] = 110 + wave + grain;
      data[at++] = 100 + wave * 0.8 + grain;
      data[at++] = 120 - wave * 0.5 + grain;
    }
  }
  const picture = sharp(data, { raw: { width, height, channels: 3 } });
  await (path.endsWith('.png') ? picture.png({ compressionLevel: 3 }) : picture.jpeg({ quality: 92 })).toFile(
    path,
  );
}
