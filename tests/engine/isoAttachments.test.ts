import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { attachedOf } from '../../src/engine/codec/metadata/isoAttachments';
import { openPhoto } from '../../src/engine/codec/read/open';

/** What HEIC and AVIF have attached to their picture is told, since it is not carried on. */
function box(type: string, ...content: (Buffer | string)[]): Buffer {
  const body = Buffer.concat(content.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + body.length);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, body]);
}
const fullBox = (type: string, version: number, ...content: (Buffer | string)[]): Buffer =>
  box(type, Buffer.from([version, 0, 0, 0]), ...content);
const metaOf = (auxiliary: readonly string[], items: readonly string[] = [], version = 2): Buffer => {
  const id = Buffer.alloc(version === 3 ? 4 : 2, 1);
  const entries = items.map((type) => fullBox('infe', version, id, Buffer.alloc(2), type, '\0'));
  const properties = auxiliary.map((name) => fullBox('auxC', 0, `${name}\0`));
  return fullBox(
    'meta',
    0,
    fullBox('iinf', 0, Buffer.from([0, entries.length]), ...entries),
    box('iprp', box('ipco', box('ispe', Buffer.alloc(12)), ...properties)),
  );
};

const GAIN_MAP = 'gain map for high dynamic range';

describe('what is attached to a HEIC or AVIF', () => {
  it.each([
    ['Apple’s gain map', ['urn:com:apple:photo:2020:aux:hdrgainmap'], [], [GAIN_MAP]],
    ['depth', ['urn:mpeg:hevc:2015:auxid:2'], [], ['depth map']],
    ['depth in AVIF', ['urn:mpeg:mpegB:cicp:systems:auxiliary:depth'], [], ['depth map']],
    ['masks', ['urn:com:apple:photo:2018:aux:portraiteffectsmatte'], [], ['masks of what is seen']],
    ['opacity, which is read', ['urn:mpeg:mpegB:cicp:systems:auxiliary:alpha'], ['av01'], []],
    ['the gain map of ISO 21496-1', [], ['av01', 'tmap'], [GAIN_MAP]],
    ['one gain map told twice', ['urn:com:apple:photo:2020:aux:hdrgainmap'], ['hvc1', 'tmap'], [GAIN_MAP]],
    ['nothing', [], ['hvc1'], []],
  ])('%s', (_, auxiliary, items, expected) => {
    expect(attachedOf(metaOf(auxiliary, items))).toEqual(expected);
    expect(attachedOf(metaOf(auxiliary, items, 3))).toEqual(expected);
  });

  it('is no reason to fail where the boxes are cut off', () => {
    const meta = metaOf(['urn:com:apple:photo:2020:aux:hdrgainmap'], ['tmap']);
    for (let length = 0; length < meta.length; length += 3) {
      expect(() => attachedOf(meta.subarray(0, length))).not.toThrow();
    }
  });

  it('is told when the photo is opened', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'attached-'));
    try {
      const path = join(folder, 'portrait.avif');
      const background = { r: 90, g: 120, b: 60, alpha: 0.5 };
      const file = await sharp({ create: { width: 32, height: 24, channels: 4, background } })
        .avif()
        .toBuffer();
      // Its opacity becomes a depth map by its name, which is as long.
      const at = file.indexOf('auxiliary:alpha');
      expect(at).toBeGreaterThan(0);
      file.write('auxiliary:depth', at, 'latin1');
      await writeFile(path, file);
      await mkdir(join(folder, 'scratch'));
      const photo = await openPhoto(path, { scratchFolder: join(folder, 'scratch') });
      await photo.close();
      expect(photo.info.notes.join()).toContain('(depth map)');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
