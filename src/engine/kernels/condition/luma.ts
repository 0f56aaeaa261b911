import type { Samples } from '../metrics/samples';
import { colourChannels, plane, type Raster } from '../raster';

/**
 * The luma that JPEG codes (JFIF: BT.601 in full swing, 0 to 255, not rounded) of a picture's values in [0, 1];
 * a grey picture is its own. Alpha is left out. What quantisation and noise leave is looked for in it, not in
 * the studio swing of the metrics.
 */
export function codedLuma(of: Raster): Samples {
  const { width, height } = of;
  const values = new Float32Array(width * height);
  const red = plane(of, 0);
  if (colourChannels(of) === 1) {
    for (let i = 0; i < values.length; i++) values[i] = 255 * red[i]!;
    return { width, height, values };
  }
  const [green, blue] = [plane(of, 1), plane(of, 2)];
  for (let i = 0; i < values.length; i++) {
    values[i] = 255 * (0.299 * red[i]! + 0.587 * green[i]! + 0.114 * blue[i]!);
  }
  return { width, height, values };
}
