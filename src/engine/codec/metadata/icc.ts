/**
 * The few fields of an ICC profile that are needed here; offsets as in ICC.1:2022 (header: clause 7.2,
 * tag table: 7.3, multiLocalizedUnicodeType: 10.15) and ICC.1:2001-04 (textDescriptionType: 6.5.17).
 */
const COLOUR_SPACE_OFFSET = 16;
const TAG_COUNT_OFFSET = 128;
const TAG_BYTES = 12;

/**
 * A profile in the length that its header tells: some programs pad it, which PNG's library refuses. Undefined for
 * one that is shorter than that: it is damaged.
 */
export function wholeProfile(icc: Buffer): Buffer | undefined {
  if (icc.length < TAG_COUNT_OFFSET + 4) return undefined;
  const told = icc.readUInt32BE(0);
  if (told < TAG_COUNT_OFFSET + 4 || told > icc.length) return undefined;
  return icc.subarray(0, told);
}

/** Which numbers the profile explains; undefined for other spaces and for damaged profiles. */
export function profileSpace(icc: Buffer): 'grey' | 'rgb' | 'cmyk' | undefined {
  if (icc.length < TAG_COUNT_OFFSET + 4) return undefined;
  const space = icc.toString('latin1', COLOUR_SPACE_OFFSET, COLOUR_SPACE_OFFSET + 4);
  return ({ GRAY: 'grey', 'RGB ': 'rgb', CMYK: 'cmyk' } as const)[space];
}

/** The profile's own name, such as "Display P3"; a general one where it tells none. */
export function profileName(icc: Buffer): string {
  const name = description(icc)?.replace(/\0/g, '').trim();
  return name ? name : 'embedded profile';
}

function description(icc: Buffer): string | undefined {
  const tag = tagOf(icc, 'desc');
  if (!tag || tag.length < 12) return undefined;
  const type = tag.toString('latin1', 0, 4);
  if (type === 'desc') return tag.toString('latin1', 12, 12 + tag.readUInt32BE(8));
  if (type !== 'mluc' || tag.length < 28) return undefined;
  const [length, offset] = [tag.readUInt32BE(20), tag.readUInt32BE(24)];
  return Buffer.from(tag.subarray(offset, offset + length - (length % 2)))
    .swap16()
    .toString('utf16le');
}

function tagOf(icc: Buffer, signature: string): Buffer | undefined {
  if (icc.length < TAG_COUNT_OFFSET + 4) return undefined;
  const count = icc.readUInt32BE(TAG_COUNT_OFFSET);
  for (let i = 0; i < count; i++) {
    const entry = TAG_COUNT_OFFSET + 4 + i * TAG_BYTES;
    if (entry + TAG_BYTES > icc.length) return undefined;
    if (icc.toString('latin1', entry, entry + 4) !== signature) continue;
    const offset = icc.readUInt32BE(entry + 4);
    return icc.subarray(offset, offset + icc.readUInt32BE(entry + 8));
  }
  return undefined;
}
