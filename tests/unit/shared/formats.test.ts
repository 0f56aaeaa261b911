import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DOCUMENT_EXTENSION } from '../../../src/shared/documentFile';
import { photoInfo } from '../../renderer/fakeDoor';
import { sizeAt } from '../../../src/renderer/document/size';
import {
  distinctNames,
  enlargementName,
  formatOfName,
  nameByPattern,
  nameProblem,
  renameFor,
  safeFileName,
  withExtension,
} from '../../../src/shared/fileName';
import {
  depthIn,
  fits,
  FORMATS,
  formatsThat,
  INPUT_FORMATS,
  isDeep,
  isLossy,
  largestScale,
  namesOf,
  OPENABLE,
  OUTPUT_FORMATS,
} from '../../../src/shared/formats';

describe('formats', () => {
  it('limits are known before the work', () => {
    expect(fits('webp', { width: 16_383, height: 1 })).toBe(true);
    expect(fits('webp', { width: 1, height: 16_384 })).toBe(false);
    expect(fits('png', { width: 30_000, height: 30_000 })).toBe(true);
    const scale = largestScale('webp', photoInfo({ width: 4000, height: 3000 }));
    expect(fits('webp', sizeAt({ width: 4000, height: 3000 }, scale, 300))).toBe(true);
    expect(scale).toBeCloseTo(4.09, 9);
  });

  it('sixteen bits stay where the format holds more than eight', () => {
    const deep = { depth: 16 } as const;
    expect(depthIn('png', undefined, deep)).toBe(16);
    expect(depthIn('jpeg', 16, deep)).toBe(8);
    expect(depthIn('avif', undefined, deep)).toBe(16);
    expect(depthIn('tiff', 8, deep)).toBe(8);
    expect(formatsThat(isDeep)).toEqual(['png', 'avif', 'jxl', 'tiff']);
    expect(formatsThat(isLossy)).toEqual(['jpeg', 'webp', 'avif', 'jxl']);
  });

  it('an extension belongs to one format, and leads to it', () => {
    const all = Object.values(FORMATS).flatMap(({ extensions }) => [...extensions]);
    expect(new Set(all).size).toBe(all.length);
    for (const format of OUTPUT_FORMATS)
      for (const extension of FORMATS[format].extensions)
        expect(formatOfName(`a.${extension.toUpperCase()}`)).toBe(format);
    expect(formatOfName('a.gif')).toBeUndefined();
    expect(formatOfName('png')).toBeUndefined();
  });

  it('are named in sentences', () => {
    expect(namesOf(INPUT_FORMATS, 'or')).toBe(
      'PNG, JPEG, WebP, AVIF, JPEG XL, TIFF, GIF, HEIC, JPEG 2000, BMP, PNM or camera raw',
    );
    expect(namesOf(['png'], 'and')).toBe('PNG');
  });

  it('installers give the system the extensions that can be opened', () => {
    const config = readFileSync(new URL('../../../electron-builder.yml', import.meta.url), 'utf8');
    const given = [...config.matchAll(/- \{ ext: \[?([\w, ]+?)\]?, name/g)].flatMap(([, list]) =>
      list!.split(', '),
    );
    expect([...given].sort()).toEqual([...OPENABLE, DOCUMENT_EXTENSION].sort());
  });
});

describe('names', () => {
  it('say what was done, the same at every door, and follow the format', () => {
    expect(enlargementName('portrait.final.jpeg', 'fsrcnn', 2.5, 'tiff')).toBe(
      'portrait.final-fsrcnn-x2.5.tiff',
    );
    expect(enlargementName('사진.png', 'edsr', 4, 'jpeg')).toBe('사진-edsr-x4.jpg');
    expect(enlargementName('a.png', 'edsr', 10 / 3, 'png')).toBe('a-edsr-x3.333.png');
    expect(enlargementName('.png', 'edsr', 4, 'png')).toBe('enlargement-edsr-x4.png');
    expect(renameFor('a.x4.PNG', 'jpeg')).toBe('a.x4.jpg');
    expect(renameFor('a.x2.5', 'jpeg')).toBe('a.x2.5.jpg');
    expect(renameFor('plain', 'webp')).toBe('plain.webp');
  });

  it('by a pattern leave out what is empty, with the sign that joins it', () => {
    const words = { name: 'lake', region: 'eye', method: 'edsr', scale: 2.5, width: 40, height: 30 };
    const pattern = '{name}-{region}-{method}-x{scale}';
    expect(nameByPattern(pattern, words)).toBe('lake-eye-edsr-x2.5');
    expect(nameByPattern(pattern, { ...words, region: '' })).toBe('lake-edsr-x2.5');
    expect(nameByPattern('{region} of {name} {colour}', { ...words, region: '{name}' })).toBe(
      '{name} of lake {colour}',
    );
  });

  it('are told apart as the strictest file system does', () => {
    expect(distinctNames(['a.png', 'A.png', 'b.png', 'a.png', 'a (2).png'])).toEqual([
      'a.png',
      'A (2).png',
      'b.png',
      'a (3).png',
      'a (2) (2).png',
    ]);
  });

  it('that some system refuses are told', () => {
    expect(nameProblem('a.png')).toBeNull();
    expect(nameProblem(' .png')).toBe('empty');
    expect(nameProblem('a/b.png')).toBe('characters');
    expect(nameProblem('a\u0007.png')).toBe('characters');
    expect(nameProblem(`${'a'.repeat(300)}.png`)).toBe('long');
  });
});

describe('a suggested file name', () => {
  it.each([
    ['portrait x4.png', 'png', 'portrait x4.png'],
    ['portrait', 'jpeg', 'portrait.jpg'],
    ['portrait.JPEG', 'jpeg', 'portrait.JPEG'],
    ['portrait.png', 'tiff', 'portrait.png.tiff'],
    ['../../etc/passwd', 'png', 'passwd.png'],
    ['C:\\Windows\\x.png', 'png', 'x.png'],
    ['a\u0000b\u202e\n.png', 'png', 'a b .png'],
    ['.hidden', 'webp', 'hidden.webp'],
    ['..', 'png', 'enlargement.png'],
    ['', 'avif', 'enlargement.avif'],
    ['NUL.png', 'png', 'enlargement NUL.png'],
    ['한국 사진', 'png', '한국 사진.png'],
  ] as const)('%j as %s is %j', (suggested, format, expected) => {
    expect(safeFileName(suggested, format)).toBe(expected);
  });

  it('stays short and keeps its extension', () => {
    const name = safeFileName(`${'가'.repeat(300)}.png`, 'png');
    expect(name).toHaveLength(194);
    expect(name.endsWith('.png')).toBe(true);
  });

  it('takes the extension from the format alone', () => {
    expect(withExtension('png', 'png')).toBe('png.png');
    expect(withExtension('a.tif', 'tiff')).toBe('a.tif');
  });
});
