import { colourChannels, plane, raster, type Raster } from '../kernels/raster';
import { sharp, withTurn } from './vips';

/**
 * A picture without alpha as JPEG leaves it: written at a quality (1 to 100) and read again, its colours at half the
 * resolution as cameras and sites have them.
 */
export async function throughJpeg(picture: Raster, quality: number): Promise<Raster> {
  const { width, height } = picture;
  const channels = colourChannels(picture) === 1 ? 1 : 3;
  const bytes = Buffer.alloc(width * height * channels);
  for (let c = 0; c < channels; c++) {
    plane(picture, c).forEach((value, k) => {
      bytes[k * channels + c] = Math.round(255 * Math.min(1, Math.max(0, value)));
    });
  }
  const raw = { raw: { width, height, channels } } as const;
  const written = await withTurn(() =>
    sharp(bytes, raw).jpeg({ quality, chromaSubsampling: '4:2:0' }).toBuffer(),
  );
  const read = await withTurn(() => sharp(written).raw().toBuffer());
  const result = raster(width, height, channels);
  for (let c = 0; c < channels; c++) {
    const into = plane(result, c);
    for (let k = 0; k < into.length; k++) into[k] = read[k * channels + c]! / 255;
  }
  return result;
}
