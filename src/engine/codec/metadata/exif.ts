/**
 * EXIF for a picture that has been turned upright: orientation 1, and without the thumbnail, which shows
 * the picture as it was stored. All else stays byte for byte. Layout as in TIFF 6.0, section 2.
 */
const PREFIX = Buffer.from('Exif\0\0', 'latin1');
const ORIENTATION_TAG = 0x0112;
const ENTRY_BYTES = 12;

/** With or without the "Exif\0\0" in front, as the formats have it; comes back with it. */
export function uprightExif(exif: Buffer): Buffer {
  const bare = exif.subarray(0, PREFIX.length).equals(PREFIX) ? exif.subarray(PREFIX.length) : exif;
  const tiff = Buffer.from(bare);
  resetOrientation(tiff);
  return Buffer.concat([PREFIX, tiff]);
}

function resetOrientation(tiff: Buffer): void {
  if (tiff.length < 14) return;
  const big = tiff.toString('latin1', 0, 2) === 'MM';
  const read16 = (at: number): number => (big ? tiff.readUInt16BE(at) : tiff.readUInt16LE(at));
  const start = big ? tiff.readUInt32BE(4) : tiff.readUInt32LE(4);
  if (start + 2 > tiff.length) return;
  const end = start + 2 + read16(start) * ENTRY_BYTES;
  if (end > tiff.length) return;
  for (let entry = start + 2; entry < end; entry += ENTRY_BYTES) {
    if (read16(entry) !== ORIENTATION_TAG) continue;
    if (big) tiff.writeUInt16BE(1, entry + 8);
    else tiff.writeUInt16LE(1, entry + 8);
  }
  // The pointer behind the first directory leads to the thumbnail's.
  if (end + 4 <= tiff.length) tiff.writeUInt32LE(0, end);
}

/** XMP of a picture that has been turned upright: `tiff:Orientation` becomes 1, as attribute or element. */
export function uprightXmp(xmp: Buffer): Buffer {
  const text = xmp.toString('utf8');
  const reset = text
    .replace(/(\btiff:Orientation\s*=\s*["'])[2-8](["'])/g, '$11$2')
    .replace(/(<tiff:Orientation>\s*)[2-8](\s*<\/tiff:Orientation>)/g, '$11$2');
  return reset === text ? xmp : Buffer.from(reset, 'utf8');
}
