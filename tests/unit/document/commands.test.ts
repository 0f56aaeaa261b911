import { describe, expect, test } from 'vitest';
import {
  addVariant,
  compareAs,
  moveVariant,
  pairOf,
  removeVariant,
  replaceVariant,
  setCompareKind,
  setCompareView,
  setSide,
  turnVariant,
} from '../../../src/renderer/document/compare';
import { EMPTY, photoOf, scaleIn, settingsOf, shownPhoto } from '../../../src/renderer/document/document';
import { setEncoding } from '../../../src/renderer/document/exports';
import {
  choosePhotos,
  closePhotos,
  movePhoto,
  openPhoto,
  renewPhoto,
  showBeside,
  showPhoto,
} from '../../../src/renderer/document/photos';
import {
  addRegion,
  chooseRegions,
  orderRegion,
  placeRegion,
  removeRegions,
  setRegionOwn,
} from '../../../src/renderer/document/regions';
import {
  copySettings,
  setDpi,
  setMethod,
  setTarget,
  turn,
  turnMethod,
} from '../../../src/renderer/document/settings';
import { seeded } from '../seeded';
import { info, region, SETTINGS, someCommand, withThree } from './documents';

const tokens = (document: typeof EMPTY) => document.photos.map((photo) => photo.info.photo);

describe('photos', () => {
  test('the newest is shown and is what is chosen', () => {
    const document = withThree();
    expect(document.shown).toBe('photo-c');
    expect(document.chosen).toEqual(['photo-c']);
  });

  test('one that is open already is shown with what its door says now, and keeps its settings', () => {
    const turned = setMethod(['photo-a'], 'edsr').run(withThree());
    const again = openPhoto(info('photo-a', { width: 99 }), SETTINGS).run(turned);
    expect(tokens(again)).toEqual(['photo-a', 'photo-b', 'photo-c']);
    expect(again.shown).toBe('photo-a');
    expect(shownPhoto(again)).toMatchObject({ info: { width: 99 }, settings: { method: { id: 'edsr' } } });
  });

  test('closing shows the right neighbour, or the left one at the end; another changes nothing of the view', () => {
    const middle = showPhoto('photo-b')(withThree());
    expect(closePhotos(['photo-b']).run(middle).shown).toBe('photo-c');
    expect(closePhotos(['photo-b', 'photo-c']).run(middle).shown).toBe('photo-a');
    expect(closePhotos(['photo-c']).run(withThree()).shown).toBe('photo-b');
    expect(closePhotos(['photo-a']).run(middle).shown).toBe('photo-b');
    expect(closePhotos(['photo-a', 'photo-b', 'photo-c']).run(middle)).toMatchObject({
      shown: null,
      chosen: [],
    });
    expect(closePhotos(['photo-x']).run(middle)).toBe(middle);
  });

  test('stepping stays at the ends', () => {
    const document = withThree();
    expect(showBeside(1)(document)).toBe(document);
    expect(showBeside(-1)(document).shown).toBe('photo-b');
  });

  test('chosen ones stand in the order of the strip, also after it changed', () => {
    const chosen = choosePhotos(['photo-c', 'photo-a', 'photo-x'])(withThree());
    expect(chosen).toMatchObject({ chosen: ['photo-a', 'photo-c'], shown: 'photo-c' });
    expect(movePhoto('photo-c', 0).run(chosen).chosen).toEqual(['photo-c', 'photo-a']);
    expect(showPhoto('photo-a')(chosen).chosen).toEqual(['photo-a', 'photo-c']);
    expect(showPhoto('photo-b')(chosen).chosen).toEqual(['photo-b']);
    expect(choosePhotos([])(chosen)).toBe(chosen);
  });

  test('a file that became smaller cuts the regions, and those without a rest go', () => {
    const rect = (x: number) => ({ x, y: 0, width: 100, height: 100 });
    const added = [
      region('in', { rect: rect(0) }),
      region('cut', { rect: rect(250) }),
      region('out', { rect: rect(400) }),
    ];
    const document = added.reduce((before, one) => addRegion('photo-a', one).run(before), withThree());
    const photo = photoOf(renewPhoto(info('photo-a', { width: 300 }))(document), 'photo-a')!;
    expect(photo.regions.map(({ id, rect: { width } }) => [id, width])).toEqual([
      ['in', 100],
      ['cut', 50],
    ]);
    expect(photo.chosenRegions).toEqual([]);
  });
});

describe('settings', () => {
  test('belong to each photo, and a command changes those that it is given', () => {
    const next = setMethod(['photo-a', 'photo-c'], 'edsr').run(withThree());
    expect(next.photos.map(({ settings }) => settings.method.id)).toEqual(['edsr', 'bicubic', 'edsr']);
  });

  test('a target gives each photo its own scale, within what can be made', () => {
    const wide = openPhoto(info('photo-d', { width: 1000, height: 500, density: 254 }), SETTINGS).run(
      withThree(),
    );
    const all = tokens(wide);
    const scales = (document: typeof wide) => document.photos.map((photo) => scaleIn(photo));
    expect(scales(setTarget(all, { by: 'pixels', side: 'width', pixels: 2560 }).run(wide))).toEqual([
      4, 4, 4, 2.56,
    ]);
    expect(scales(setTarget(all, { by: 'pixels', side: 'height', pixels: 100 }).run(wide))).toEqual([
      1, 1, 1, 1,
    ]);
    const printed = setTarget(all, { by: 'print', side: 'long', cm: 20 }).run(wide);
    expect(scales(printed)).toEqual([2362 / 640, 2362 / 640, 2362 / 640, 2]);
    expect(scales(setDpi(['photo-d'], 508).run(printed))[3]).toBe(4);
    const four = setTarget(all, { by: 'megapixels', megapixels: 0.3072 * 4 }).run(wide);
    expect(scales(four)[0]).toBeCloseTo(2, 12);
  });

  test('turned back to the method’s own default is as if it had never been turned', () => {
    const card = {
      id: 'cs',
      controls: [
        { id: 'crispness', default: 0.4 },
        { id: 'seed', default: 7 },
      ] as const,
    };
    const crisp = { ...card, controls: [...card.controls] };
    expect(turn(crisp, { crispness: 0.9, seed: 12 }, { crispness: 0.4 })).toEqual({ seed: 12 });
    const there = turnMethod(['photo-c'], crisp, { crispness: 0.9 }).run(withThree());
    expect(shownPhoto(there)!.settings.turned).toEqual({ cs: { crispness: 0.9 } });
    const elsewhere = setMethod(['photo-c'], 'edsr').run(there);
    expect(shownPhoto(elsewhere)!.settings.turned).toEqual({ cs: { crispness: 0.9 } });
  });

  test('are copied whole; to what has them already nothing is done', () => {
    const edsr = setDpi(['photo-a'], 72).run(setMethod(['photo-a'], 'edsr').run(withThree()));
    const all = copySettings('photo-a', tokens(edsr)).run(edsr);
    expect(new Set(all.photos.map(({ settings }) => settings)).size).toBe(1);
    expect(copySettings('photo-a', tokens(all)).run(all)).toBe(all);
    expect(copySettings('photo-x', tokens(all)).run(all)).toBe(all);
  });

  test('a caller that is wrong is told what was expected and received', () => {
    expect(() => setTarget(['photo-a'], { by: 'scale', scale: 31 })).toThrow(
      'Expected <=30 for target.scale, received 31.',
    );
    expect(() => setDpi(['photo-a'], Number.NaN)).toThrow(RangeError);
    expect(() => setMethod(['photo-a'], '')).toThrow(RangeError);
    expect(() => turnMethod(['photo-a'], { id: 'cs', controls: [] }, { crispness: 2 })).toThrow(
      'turned.crispness',
    );
  });
});

describe('regions', () => {
  test('have what is their own, and the rest from their photo', () => {
    const document = addRegion(
      'photo-a',
      region('r', { own: { target: { by: 'pixels', side: 'width', pixels: 1250 } } }),
    ).run(withThree());
    const edsr = setMethod(['photo-a'], 'edsr').run(document);
    const photo = photoOf(edsr, 'photo-a')!;
    expect(settingsOf(photo, photo.regions[0]!)).toMatchObject({
      method: { id: 'edsr' },
      target: { pixels: 1250 },
    });
    expect(scaleIn(photo, photo.regions[0])).toBe(12.5);
    const inherited = photoOf(setRegionOwn('photo-a', 'r', {}).run(edsr), 'photo-a')!;
    expect(scaleIn(inherited, inherited.regions[0])).toBe(4);
  });

  test('are cut at the photo’s edge, on whole pixels; one all outside is not added and not moved there', () => {
    const document = addRegion(
      'photo-a',
      region('r', { rect: { x: -5.4, y: 470.2, width: 20, height: 100 } }),
    ).run(withThree());
    expect(photoOf(document, 'photo-a')!.regions[0]!.rect).toEqual({ x: 0, y: 470, width: 15, height: 10 });
    const outside = { x: 700, y: 0, width: 10, height: 10 };
    expect(addRegion('photo-a', region('s', { rect: outside })).run(document)).toBe(document);
    expect(placeRegion('photo-a', 'r', outside).run(document)).toBe(document);
    expect(addRegion('photo-a', region('r')).run(document)).toBe(document);
  });

  test('are ordered, chosen and removed', () => {
    const document = ['1', '2', '3'].reduce(
      (before, id) => addRegion('photo-a', region(id)).run(before),
      withThree(),
    );
    const ids = (of: typeof document) => photoOf(of, 'photo-a')!.regions.map(({ id }) => id);
    expect(ids(orderRegion('photo-a', '3', 0).run(document))).toEqual(['3', '1', '2']);
    expect(orderRegion('photo-a', '9', 0).run(document)).toBe(document);
    const chosen = chooseRegions('photo-a', ['1', '3', '9'])(document);
    expect(photoOf(chosen, 'photo-a')!.chosenRegions).toEqual(['1', '3']);
    const removed = removeRegions('photo-a', ['1', '2']).run(chosen);
    expect(ids(removed)).toEqual(['3']);
    expect(photoOf(removed, 'photo-a')!.chosenRegions).toEqual(['3']);
  });
});

describe('the compare set', () => {
  const variant = (id: string) => ({ id, of: 'method', method: { id: 'edsr' }, turned: null }) as const;
  const filled = (n: number) =>
    Array.from({ length: n }, (_, i) => addVariant(variant(`v${i + 1}`))).reduce(
      (before, command) => command.run(before),
      EMPTY,
    );

  test('holds two to nine, in the order of the number keys', () => {
    expect(filled(12).compare.variants).toHaveLength(9);
    const moved = moveVariant('v3', 0).run(filled(3));
    expect(moved.compare.variants.map(({ id }) => id)).toEqual(['v3', 'v1', 'v2']);
    const original = addVariant({ id: 'o', of: 'original' }).run(EMPTY);
    expect(setCompareKind('split').run(original)).toBe(original);
  });

  test('comparing ends when only one is left', () => {
    const comparing = setCompareKind('grid').run(filled(2));
    expect(comparing.compare.kind).toBe('grid');
    expect(removeVariant('v1').run(comparing).compare.kind).toBe('single');
    expect(removeVariant('v9').run(comparing)).toBe(comparing);
  });

  test('a way to compare fills an empty tray in one command, and leaves a full one', () => {
    const fill = [{ id: 'o', of: 'original' } as const, variant('m')];
    const filledUp = compareAs('split', fill).run(EMPTY);
    expect(filledUp.compare.kind).toBe('split');
    expect(filledUp.compare.variants.map(({ id }) => id)).toEqual(['o', 'm']);
    expect(compareAs('grid', fill).run(filled(2)).compare.variants).toHaveLength(2);
    expect(compareAs('grid', []).run(EMPTY)).toBe(EMPTY);
  });

  test('the pair is the first two until it is chosen, always two different ones', () => {
    expect(pairOf(filled(1).compare)).toBeNull();
    expect(pairOf(filled(4).compare)).toEqual([0, 1]);
    const third = setSide('v3', 1).run(filled(4));
    expect(pairOf(third.compare)).toEqual([0, 2]);
    // What stands on the other side already changes places.
    expect(pairOf(setSide('v3', 0).run(third).compare)).toEqual([2, 0]);
    expect(pairOf(removeVariant('v3').run(third).compare)).toEqual([0, 1]);
    const replaced = replaceVariant('v3', variant('new')).run(third);
    expect(replaced.compare.variants.map(({ id }) => id)).toEqual(['v1', 'v2', 'new', 'v4']);
    expect(pairOf(replaced.compare)).toEqual([0, 2]);
    expect(setSide('nobody', 0).run(third)).toBe(third);
  });

  test('the same method can lie there turned differently', () => {
    const turned = turnVariant('v2', { crispness: 1 }).run(filled(2));
    expect(turned.compare.variants[1]).toMatchObject({ turned: { crispness: 1 } });
    expect(() => setCompareView({ split: { axis: 'vertical', at: 2 } }).run(EMPTY)).toThrow(
      'compare.split.at',
    );
  });
});

test('an encoding that no format has is refused', () => {
  expect(() => setEncoding({ format: 'png', quality: 0 }).run(EMPTY)).toThrow('exports.encoding.quality');
});

test('no command changes the document that it is given, and none without effect makes a new one', () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const random = seeded(seed);
    let document = withThree();
    for (let i = 0; i < 15; i += 1) {
      const before = JSON.stringify(document);
      const next = someCommand(random, document).run(document);
      expect(JSON.stringify(document)).toBe(before);
      expect(next === document).toBe(JSON.stringify(next) === before);
      document = next;
    }
  }
});
