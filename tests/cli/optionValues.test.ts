import { describe, expect, it } from 'vitest';
import { WrongCall } from '../../src/cli/exitStatus';
import {
  readDepth,
  readDevice,
  readFormat,
  readMethods,
  readPixels,
  readQuality,
  readRegion,
  readScale,
  readScales,
} from '../../src/cli/optionValues';
import { readPrint } from '../../src/cli/printSize';

describe('option values', () => {
  it.each([
    ['1', 1],
    ['2.5', 2.5],
    ['30', 30],
    ['.5e1', undefined],
    ['4.', 4],
  ])('reads --scale %s', (text, scale) => {
    if (scale === undefined) expect(() => readScale(text)).toThrow(WrongCall);
    else expect(readScale(text)).toBe(scale);
  });

  it.each(['0', '-1', 'NaN', '31', '30.01', '', 'x4', '2,5', 'Infinity', '0x4'])(
    'refuses --scale "%s" in one sentence that names it',
    (text) => {
      expect(() => readScale(text)).toThrow(/^Expected --scale to be a number from 1 to 30, received .*\.$/);
    },
  );

  it('reads a region, and refuses one that cannot be', () => {
    expect(readRegion('0, 7,20,30')).toEqual({ x: 0, y: 7, width: 20, height: 30 });
    for (const text of ['1,2,3', '1,2,0,4', '1,2,3,0', '-1,2,3,4', '1.5,2,3,4', 'a,b,c,d', '', '1,2,3,4,5']) {
      expect(() => readRegion(text), text).toThrow(/Expected --region to be X,Y,W,H/);
    }
  });

  it('takes jpg and tif for what they mean, and names the formats there are', () => {
    expect(readFormat('JPG')).toBe('jpeg');
    expect(readFormat('tif')).toBe('tiff');
    expect(readFormat('webp')).toBe('webp');
    expect(() => readFormat('bmp')).toThrow(
      'Expected --format to be one of png, jpeg, webp, avif, jxl, tiff, received bmp.',
    );
  });

  it('holds quality, depth, device and pixels to their ranges', () => {
    expect(readQuality('100')).toBe(100);
    for (const text of ['0', '101', '9.5', 'high']) expect(() => readQuality(text)).toThrow(/--quality/);
    expect(readDepth('16')).toBe(16);
    expect(() => readDepth('12')).toThrow(/--depth to be 8 or 16/);
    expect(readDevice('webgpu')).toBe('webgpu');
    expect(() => readDevice('gpu')).toThrow(/--device to be one of auto, cpu/);
    expect(() => readPixels('--width', '0')).toThrow(
      /--width to be a whole number of at least 1, received 0/,
    );
  });

  it('reads several scales: a list, a real one, a row of whole ones', () => {
    expect(readScales('2,3,4')).toEqual([2, 3, 4]);
    expect(readScales('2.5')).toEqual([2.5]);
    expect(readScales('6..9, 2,7')).toEqual([6, 7, 8, 9, 2]);
    for (const text of ['1', '2,', '9..6', '28..31', '2-4', 'x2', '0.5,2']) {
      expect(() => readScales(text)).toThrow(/^Expected --scale to be numbers above 1 and up to 30, such as/);
    }
  });

  it('reads methods, each once', () => {
    expect(readMethods('bicubic, fsrcnn,bicubic')).toEqual(['bicubic', 'fsrcnn']);
    expect(() => readMethods('bicubic,')).toThrow(/--method/);
  });
});

describe('print sizes', () => {
  it('agree in every unit', () => {
    const expected = Math.round((30 / 2.54) * 300);
    expect(readPrint('30cm@300dpi')).toEqual({ longSidePixels: expected, densityPpi: 300 });
    expect(readPrint('300mm@300ppi').longSidePixels).toBe(expected);
    expect(readPrint('12in@300dpi').longSidePixels).toBe(3600);
    expect(readPrint('30 cm @ 120 dpcm')).toEqual({ longSidePixels: 3600, densityPpi: 304.8 });
  });

  it.each(['30cm', '30@300dpi', '0cm@300dpi', '30cm@0dpi', '-3cm@300dpi', '30km@300dpi', ''])(
    'refuse "%s"',
    (text) => {
      expect(() => readPrint(text)).toThrow(/Expected --print to be .* such as 30cm@300dpi/);
    },
  );
});
