import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { needsSize, readNamePattern, USUAL_NAME } from '../../src/cli/namePattern';
import { outputPath, readOutput, withNames, type NamedPhoto } from '../../src/cli/outputNames';
import { enlargementName } from '../../src/shared/fileName';
import { rect } from '../../src/shared/geometry';

describe('where a result goes', () => {
  it('is a file for one photo, in the format of its name', () => {
    expect(readOutput('big.JPG', false, 'nothing', undefined)).toEqual({
      kind: 'file',
      path: 'big.JPG',
      format: 'jpeg',
    });
    expect(readOutput('big', false, 'nothing', undefined).format).toBe('png');
    expect(readOutput('big.jpg', false, 'file', 'webp').format).toBe('webp');
  });

  it('is a folder for several photos, for a folder that stands, and after a slash', () => {
    for (const place of [
      readOutput('out', true, 'nothing', undefined),
      readOutput('out', false, 'folder', undefined),
      readOutput('out/', false, 'nothing', undefined),
    ]) {
      expect(place).toMatchObject({ kind: 'folder', format: 'png' });
    }
  });

  it('refuses a file for several photos, and a name whose format is not known', () => {
    expect(() => readOutput('out.png', true, 'nothing', undefined)).toThrow(
      /-o to be a folder for several photos/,
    );
    expect(() => readOutput('notes', true, 'file', undefined)).toThrow(/-o to be a folder/);
    expect(() => readOutput('out.xyz', false, 'nothing', undefined)).toThrow(
      /-o to end in .png.*received out.xyz/,
    );
    expect(() => readOutput('notes/', false, 'file', undefined)).toThrow(/a file stands there/);
  });
});

const photo = (path: string, folder = ''): NamedPhoto => withNames([{ path, folder }])[0]!;
const made = {
  method: 'fsrcnn',
  scale: 2.5,
  region: undefined,
  page: undefined,
  width: 250,
  height: 100,
};

describe('what a result in a folder is called', () => {
  const tiffs = { kind: 'folder', path: 'out', format: 'tiff' } as const;

  it('is named after photo, method and scale, as in the editor', () => {
    const expected = enlargementName('my photo.v2.jpeg', 'fsrcnn', 2.5, 'tiff');
    expect(outputPath(tiffs, photo('../x/my photo.v2.jpeg'), USUAL_NAME, made)).toBe(join('out', expected));
  });

  it('keeps the folder in which the photo was found', () => {
    const found = photo('in/2019/a.jpg', '2019');
    expect(outputPath(tiffs, found, USUAL_NAME, made)).toBe(join('out', '2019', 'a-fsrcnn-x2.5.tiff'));
  });

  it('follows a pattern', () => {
    const pattern = readNamePattern('{region} of {name}, {width}x{height} ({method}, {scale})');
    const region = rect<'source'>(10, 20, 100, 40);
    expect(outputPath(tiffs, photo('a.jpg'), pattern, { ...made, region })).toBe(
      join('out', '10-20-100x40 of a, 250x100 (fsrcnn, 2.5).tiff'),
    );
    expect(outputPath(tiffs, photo('a.jpg'), readNamePattern('{name} {region}'), made)).toBe(
      join('out', 'a whole.tiff'),
    );
    expect([needsSize(pattern), needsSize(USUAL_NAME)]).toEqual([true, false]);
  });

  it.each(['{nmae}', '', '{name}/x', '..', '.{name}', '{name', 'a:{name}'])(
    'refuses the pattern %j',
    (text) => {
      expect(() => readNamePattern(text)).toThrow(/Expected --name to/);
    },
  );
});

describe('photos of one name', () => {
  const names = (...photos: { path: string; folder: string }[]): string[] =>
    withNames(photos).map(({ name }) => name);

  it('are told apart by their endings, the others are not touched', () => {
    expect(
      names(
        { path: 'one/a.jpg', folder: '' },
        { path: 'two/A.png', folder: '' },
        { path: 'one/b.jpg', folder: '' },
        { path: 'one/sub/a.jpg', folder: 'sub' },
      ),
    ).toEqual(['a.jpg', 'A.png', 'b', 'a']);
  });

  it('are told apart where a whole name is the stem of another', () => {
    const photos = ['a.jpg', 'a.png', 'a.jpg.tif'].map((path) => ({ path, folder: '' }));
    expect(new Set(names(...photos)).size).toBe(3);
  });

  it('are refused where the whole name is the same', () => {
    expect(() => names({ path: 'one/a.jpg', folder: '' }, { path: 'two/A.JPG', folder: '' })).toThrow(
      /one\/a.jpg and two\/A.JPG would both become/,
    );
  });
});
