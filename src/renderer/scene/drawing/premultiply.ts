/**
 * Straight RGBA to premultiplied, in place, rounded to nearest: what linear interpolation needs at the edge
 * of transparency, where straight colours of invisible pixels would bleed in.
 */
export function premultiply(pixels: Uint8Array): Uint8Array {
  for (let i = 0; i < pixels.length; i += 4) {
    const alpha = pixels[i + 3]!;
    if (alpha === 255) continue;
    pixels[i] = Math.round((pixels[i]! * alpha) / 255);
    pixels[i + 1] = Math.round((pixels[i + 1]! * alpha) / 255);
    pixels[i + 2] = Math.round((pixels[i + 2]! * alpha) / 255);
  }
  return pixels;
}
