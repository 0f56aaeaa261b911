import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { outputPath, readOutput, refuseTwins } from '../../src/cli/outputNames';

describe('where a result goes', () => {
  it('is a file for one photo, in the format of its name', () => {
    expect(readOutput('big.JPG', ['a.png'], 'nothing', undefined)).toEqual({
      kind: 'file',
      path: 'big.JPG',
      format: 'jpeg',
    });
    expect(readOutput('big', ['a.png'], 'nothing', undefined).format).toBe('png');
    expect(readOutput('big.jpg', ['a.png'], 'file', 'webp').format).toBe('webp');
  });

  it('is a folder for several photos, for a folder that stands, and after a slash', () => {
    for (const place of [
      readOutput('out', ['a.png', 'b.png'], 'nothing', undefined),
      readOutput('out', ['a.png'], 'folder', undefined),
      readOutput('out/', ['a.png'], 'nothing', undefined),
    ]) {
      expect(place).toMatchObject({ kind: 'folder', format: 'png' });
    }
  });

  it('refuses a file for several photos, and a name whose format is not known', () => {
    expect(() => readOutput('out.png', ['a', 'b'], 'nothing', undefined)).toThrow(
      /-o to be a folder for 2 photos/,
    );
    expect(() => readOutput('notes', ['a', 'b'], 'file', undefined)).toThrow(/-o to be a folder/);
    expect(() => readOutput('out.bmp', ['a'], 'nothing', undefined)).toThrow(
      /-o to end in .png.*received out.bmp/,
    );
    expect(() => readOutput('notes/', ['a'], 'file', undefined)).toThrow(/a file stands there/);
  });

  it('is named after photo, method and scale inside a folder', () => {
    const tiffs = { kind: 'folder', path: 'out', format: 'tiff' } as const;
    expect(outputPath(tiffs, '../x/my photo.v2.jpeg', 'fsrcnn', 2.5)).toBe(
      join('out', 'my photo.v2-fsrcnn-x2.5.tiff'),
    );
    const place = { kind: 'folder', path: 'out', format: 'png' } as const;
    expect(outputPath(place, 'in/a.jpg', 'edsr', 4)).toBe(join('out', 'a-edsr-x4.png'));
  });

  it('refuses two photos that would become one file', () => {
    expect(() => refuseTwins(['one/a.jpg', 'two/A.png'])).toThrow(
      /one\/a.jpg and two\/A.png would both become/,
    );
    expect(() => refuseTwins(['one/a.jpg', 'one/b.jpg'])).not.toThrow();
  });
});
