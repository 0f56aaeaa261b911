import { describe, expect, test } from 'vitest';
import { EMPTY, type EditorDocument } from '../../../src/renderer/document/document';
import { planExport } from '../../../src/renderer/document/exportPlan';
import { setEncoding, setNamePattern, setWhat } from '../../../src/renderer/document/exports';
import { choosePhotos } from '../../../src/renderer/document/photos';
import { addRegion, chooseRegions, setRegionOwn } from '../../../src/renderer/document/regions';
import { nameProblem } from '../../../src/shared/fileName';
import { seeded } from '../seeded';
import { region, someCommand, withThree } from './documents';

const after = (document: EditorDocument, ...commands: { run(document: EditorDocument): EditorDocument }[]) =>
  commands.reduce((before, command) => command.run(before), document);
const namesOf = (document: EditorDocument): string[] => planExport(document, 300).map(({ name }) => name);

const eye = region('r1', { name: 'eye' });
const ear = region('r2', { name: 'ear', rect: { x: 0, y: 0, width: 20, height: 10 } });
const withRegions = after(
  withThree(),
  addRegion('photo-c', eye),
  addRegion('photo-c', ear),
  setRegionOwn('photo-c', 'r2', {
    method: { id: 'edsr' },
    target: { by: 'pixels', side: 'width', pixels: 250 },
    turned: { edsr: { ensemble: true } },
  }),
);

describe('an export', () => {
  test('of nothing makes nothing', () => expect(planExport(EMPTY, 300)).toEqual([]));

  test('of the chosen photos makes a file each, with its own settings', () => {
    expect(namesOf(withThree())).toEqual(['photo-c-bicubic-x4.png']);
    const two = choosePhotos(['photo-a', 'photo-c'])(withThree());
    expect(namesOf(two)).toEqual(['photo-a-bicubic-x4.png', 'photo-c-bicubic-x4.png']);
    expect(planExport(two, 300)[0]).toMatchObject({
      size: { width: 2560, height: 1920 },
      scale: 4,
      dpi: 300,
    });
  });

  test('of regions makes a file each: the photo’s settings, or the region’s own', () => {
    const [first, second] = planExport(after(withRegions, setWhat('all-regions')), 300);
    expect(first).toMatchObject({ name: 'photo-c-eye-bicubic-x4.png', size: { width: 400, height: 200 } });
    expect(second).toMatchObject({
      name: 'photo-c-ear-edsr-x12.5.png',
      size: { width: 250, height: 125 },
      turned: { ensemble: true },
    });
    const chosen = chooseRegions('photo-c', ['r1'])(after(withRegions, setWhat('chosen-regions')));
    expect(namesOf(chosen)).toEqual(['photo-c-eye-bicubic-x4.png']);
  });

  test('tells its files apart by whatever pattern, with the extension of the format', () => {
    const same = after(
      withRegions,
      setWhat('all-regions'),
      setNamePattern('{name} {what}'),
      setEncoding({ format: 'jpeg' }),
    );
    expect(namesOf(same)).toEqual(['photo-c {what}.jpg', 'photo-c {what} (2).jpg']);
  });

  test('of any document has names that differ and sizes of whole pixels', () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const random = seeded(seed);
      let document = withThree();
      for (let i = 0; i < 25; i += 1) document = someCommand(random, document).run(document);
      const files = planExport(document, 300);
      expect(new Set(files.map(({ name }) => name.toLowerCase())).size).toBe(files.length);
      for (const { name, size } of files) {
        expect(nameProblem(name)).toBeNull();
        expect(Number.isInteger(size.width) && size.width >= 1).toBe(true);
      }
    }
  });
});
