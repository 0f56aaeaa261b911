import { describe, expect, test } from 'vitest';
import { EMPTY } from '../../../src/renderer/document/document';
import {
  fromSnapshot,
  migrate,
  SNAPSHOT_VERSION,
  toSnapshot,
  type Migration,
} from '../../../src/renderer/document/snapshot';
import { seeded } from '../seeded';
import { someCommand, withThree } from './documents';

/** As a program of version 1 wrote it: this text is never changed. */
const VERSION_1 = `{"format":"enlarger-document","version":1,"document":{"photos":[{"info":{"photo":"photo-k3Jx","name":"a.jpg",
"width":640,"height":480,"format":"jpeg","depth":8,"grey":false,"alpha":false,"profile":null,"density":72,"notes":[]},
"settings":{"method":{"id":"edsr"},"target":{"by":"print","side":"long","cm":20},"turned":{"cs":{"crispness":0.5}},"dpi":300},
"regions":[{"id":"r1","name":"eye","colour":"amber","rect":{"x":1,"y":2,"width":30,"height":40},"ratio":{"width":3,"height":4},
"own":{"method":{"id":"cs"},"target":{"by":"scale","scale":12.5}}}],"chosenRegions":["r1"]}],"shown":"photo-k3Jx",
"chosen":["photo-k3Jx"],"compare":{"kind":"split","variants":[{"id":"v1","of":"original"},
{"id":"v2","of":"method","method":{"id":"edsr"},"turned":{"ensemble":true}}],"split":{"axis":"vertical","at":0.5},
"difference":{"gain":8,"signed":false},"blinkHz":1},"exports":{"what":"photo","encoding":{"format":"jpeg","quality":92},
"namePattern":"{name}","keep":{"profile":true,"exif":true,"xmp":true,"density":true,"alpha":true,"gps":false}}}}`;

/** What version 1 knew, as it is read now. */
const NOW_1 = VERSION_1.replace(
  '"notes":[]',
  '"page":1,"pages":1,"embedded":false,"gainMap":false,"notes":[]',
).replace('"gps":false', '"gps":false,"gainmap":true');

/** As a program of version 2 wrote it: this text is never changed. */
const VERSION_2 = `{"format":"enlarger-document","version":2,"document":{"photos":[{"info":{"photo":"photo-k3Jx","name":"a.tif",
"width":640,"height":480,"format":"tiff","depth":16,"grey":true,"alpha":false,"profile":null,"density":null,
"notes":["The file holds 3 pages; only the first is opened."]},"settings":{"method":{"id":"edsr"},
"target":{"by":"scale","scale":2},"turned":{},"dpi":null},"regions":[],"chosenRegions":[]}],"shown":"photo-k3Jx",
"chosen":["photo-k3Jx"],"compare":{"kind":"single","variants":[],"split":{"axis":"vertical","at":0.5},
"difference":{"gain":8,"signed":false},"blinkHz":1},"exports":{"what":"photo","encoding":{"format":"png"},
"namePattern":"{name}","keep":{"profile":true,"exif":true,"xmp":true,"density":true,"alpha":true,"gps":true}}}}`;

/** As a program of version 3 wrote it: this text is never changed. */
const VERSION_3 = VERSION_2.replace('"version":2', '"version":3').replace(
  '"density":null,',
  '"density":null,"page":1,"pages":1,"embedded":false,',
);

const written = (document: unknown, version: number = SNAPSHOT_VERSION): unknown => ({
  format: 'enlarger-document',
  version,
  document,
});

describe('a snapshot', () => {
  test('read again is the same document, whatever was done', () => {
    for (let seed = 1; seed <= 50; seed += 1) {
      const random = seeded(seed);
      let document = withThree();
      for (let i = 0; i < 20; i += 1) document = someCommand(random, document).run(document);
      const text = JSON.stringify(toSnapshot(document));
      expect(fromSnapshot(JSON.parse(text))).toEqual({ ok: true, document });
    }
  });

  test('of the first version still reads, nothing lost', () => {
    const reading = fromSnapshot(JSON.parse(VERSION_1));
    expect(reading.ok).toBe(true);
    expect(reading.document).toEqual((JSON.parse(NOW_1) as { document: unknown }).document);
  });

  test('of the second version has the first picture of each file', () => {
    const reading = fromSnapshot(JSON.parse(VERSION_2));
    expect(reading.ok).toBe(true);
    expect(reading.document.photos[0]!.info).toMatchObject({
      name: 'a.tif',
      page: 1,
      pages: 1,
      embedded: false,
      gainMap: false,
    });
  });

  test('of the third version knows of no gain map, and leaves none out', () => {
    const { document, ok } = fromSnapshot(JSON.parse(VERSION_3));
    expect(ok).toBe(true);
    expect(document.photos[0]!.info).toMatchObject({ name: 'a.tif', gainMap: false });
    expect(document.exports.keep.gainmap).toBe(true);
  });

  test('of the first version keeps what its encoding left out, and no more', () => {
    const with1 = (strip: string): unknown =>
      JSON.parse(VERSION_1.replace('"format":"jpeg","quality":92', `"format":"jpeg","strip":"${strip}"`));
    const { exports } = fromSnapshot(with1('all')).document;
    expect(exports.encoding).toEqual({ format: 'jpeg' });
    expect(exports.keep).toEqual({
      profile: true,
      exif: false,
      xmp: false,
      density: true,
      alpha: true,
      gps: false,
      gainmap: true,
    });
    expect(fromSnapshot(with1('none')).ok).toBe(false);
  });

  test('of a newer program is said to be newer, and damage to be damage; neither throws', () => {
    expect(fromSnapshot(written(EMPTY, 99))).toEqual({ ok: false, document: EMPTY, problem: 'newer' });
    const whole = withThree();
    const damaged: unknown[] = [
      ...[null, 7, 'x', [], {}, { format: 'other', version: 1, document: EMPTY }, written(EMPTY, 0)],
      ...[written(null), written({ ...whole, shown: 'photo-x' }), written({ ...whole, shown: null })],
      written({ ...whole, chosen: ['photo-a'] }),
      written({ ...whole, photos: [...whole.photos, whole.photos[0]] }),
      written({ ...whole, photos: [{ ...whole.photos[0], chosenRegions: ['none'] }] }),
    ];
    for (const one of damaged)
      expect(fromSnapshot(one)).toEqual({ ok: false, document: EMPTY, problem: 'damaged' });
  });

  test('cut off or changed at any place never throws', () => {
    const random = seeded(5);
    for (let i = 0; i < 300; i += 1) {
      const place = random.whole(0, VERSION_1.length - 1);
      const changed =
        VERSION_1.slice(0, place) + random.pick(['0', '"', '-', '{']) + VERSION_1.slice(place + 1);
      try {
        JSON.parse(changed);
      } catch {
        continue;
      }
      expect(fromSnapshot(JSON.parse(changed)).document).toBeDefined();
    }
  });
});

describe('migrations', () => {
  const chain: Migration[] = [
    (document) => ({ ...(document as object), first: true }),
    (document) => ({ ...(document as object), second: 'first' in (document as object) }),
  ];

  test('run from the version that was written to the newest, in order', () => {
    expect(migrate({}, 1, chain)).toEqual({ first: true, second: true });
    expect(migrate({}, 2, chain)).toEqual({ second: false });
    expect(migrate({}, 3, chain)).toEqual({});
  });

  test('one that meets what its version cannot have written is damage, not a crash', () => {
    const broken: Migration = (document) => ({
      ...(document as typeof EMPTY),
      shown: (document as typeof EMPTY).photos[0]!.info.photo,
    });
    expect(fromSnapshot(written(EMPTY, 1), [broken])).toMatchObject({ ok: false, problem: 'damaged' });
    expect(
      fromSnapshot(written({ ...withThree(), shown: 'photo-x', chosen: ['photo-a'] }, 1), [broken]).ok,
    ).toBe(true);
  });
});
