import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCompareCall } from '../../src/cli/compareCall';
import type { Tradeoff } from '../../src/shared/tradeoff';
import { pictureFields, tiffOf } from '../fixtures/tiffs';
import { runEnlarger, type Ended } from './enlargerProcess';
import { waves, writePicture } from './pictures';

/** What "enlarger evaluate --json" writes of one method. */
const evaluationText = (lpips: number | null): string =>
  JSON.stringify({
    dataset: 'photos/set',
    scale: 2,
    protocol: 'y',
    results: [
      {
        method: 'bicubic',
        n: 2,
        mean: { psnrY: 30.5, ssimY: 0.9, lpips },
        deviation: {},
        seconds: 1,
        peakMiB: 1,
        images: [],
      },
    ],
  });

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'enlarger-compare-'));
  await writePicture(join(folder, 'large.png'), 120, 96);
  writeFileSync(join(folder, 'set.json'), evaluationText(0.25));
  writeFileSync(join(folder, 'without.json'), evaluationText(null));
  const small = sharp(waves(120, 96), { raw: { width: 120, height: 96, channels: 3 } });
  await small.resize(60, 48).toFile(join(folder, 'small.png'));
  await small.clone().resize(60, 48).ensureAlpha(0.6).toFile(join(folder, 'clear.png'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const enlarger = (...args: string[]): Promise<Ended> => runEnlarger(args, { cwd: folder });

interface Told {
  readonly whole: { method: string; psnrY: number; ssimY: number }[];
  readonly crops: { region: number[]; proposed: boolean; results: Record<string, number | string>[] }[];
  readonly notes: string[];
  readonly caption: string;
  readonly tradeoff: Tradeoff;
}
const told = ({ status, stdout, stderr }: Ended): Told => {
  expect([status, stderr]).toEqual([0, expect.not.stringContaining('error')]);
  return JSON.parse(stdout) as Told;
};

describe('compare', () => {
  it('has on a sheet the figures that metrics has of the same files, and makes it again byte by byte', async () => {
    const sheet = told(
      await enlarger(
        'compare',
        'small.png',
        '-o',
        's.png',
        '--method',
        'nearest,bicubic',
        '--scale',
        '2',
        '--reference',
        'large.png',
        '--region',
        '8,8,20,16',
        '--tradeoff',
        'set.json',
        '--json',
      ),
    );
    expect(sheet.tradeoff.scales[0]!.points).toEqual([
      { method: 'bicubic', name: 'Bicubic', psnrY: 30.5, lpips: 0.25, n: 2 },
    ]);
    expect(sheet.caption).toContain('Plot: perception against distortion, means over 2 images of set ×2');
    await enlarger('upscale', 'small.png', '-o', 'up.png', '--method', 'bicubic', '--scale', '2');
    const measured = async (reference: string, result: string, ...more: string[]) =>
      JSON.parse((await enlarger('metrics', reference, result, ...more, '--json')).stdout) as {
        psnrY: number;
        ssimY: number;
      };
    const whole = await measured('large.png', 'up.png', '--scale', '2');
    const found = sheet.whole.find(({ method }) => method === 'bicubic')!;
    expect([found.psnrY.toFixed(2), found.ssimY.toFixed(4)]).toEqual([
      whole.psnrY.toFixed(2),
      whole.ssimY.toFixed(4),
    ]);

    const part = { left: 16, top: 16, width: 40, height: 32 };
    for (const name of ['large', 'up'])
      await sharp(join(folder, `${name}.png`))
        .extract(part)
        .toFile(join(folder, `${name}-crop.png`));
    const crop = await measured('large-crop.png', 'up-crop.png');
    const shown = sheet.crops[0]!.results.find(({ method }) => method === 'bicubic')!;
    expect([Number(shown['psnrY']).toFixed(2), Number(shown['ssimY']).toFixed(4)]).toEqual([
      crop.psnrY.toFixed(2),
      crop.ssimY.toFixed(4),
    ]);

    expect((await enlarger('compare', '--from', 's.png', '-o', 'again.png')).status).toBe(0);
    expect(readFileSync(join(folder, 'again.png')).equals(readFileSync(join(folder, 's.png')))).toBe(true);
  });

  it('of a page is of that page, and so is the sheet made again; metrics measures it, too', async () => {
    const pages = [waves(60, 48), waves(48, 60)].map((pixels) => pixels.subarray(0, 60 * 48 * 3));
    const second = pictureFields(60, 48, 3).map((field) =>
      field.tag === 273 ? { ...field, value: [60 * 48 * 3] } : field,
    );
    const scan = tiffOf([pictureFields(60, 48, 3), second], { pixels: Buffer.concat(pages) });
    writeFileSync(join(folder, 'scan.tif'), scan);
    await sharp(pages[1], { raw: { width: 60, height: 48, channels: 3 } }).toFile(join(folder, 'page.png'));
    const same = ['--method', 'bicubic', '--scale', '2', '--hide', '--region', '8,8,20,16', '--json'];
    const sheet = told(await enlarger('compare', 'scan.tif', '-o', 'p.svg', '--page', '2', ...same));
    const alone = told(await enlarger('compare', 'page.png', '-o', 'q.svg', ...same));
    expect([sheet.whole[0]!.psnrY, sheet.crops[0]!.results]).toEqual([
      alone.whole[0]!.psnrY,
      alone.crops[0]!.results,
    ]);
    expect(sheet.caption).toContain('scan.tif (page 2)');
    expect((await enlarger('compare', '--from', 'p.svg', '-o', 'p2.svg')).status).toBe(0);
    expect(readFileSync(join(folder, 'p2.svg')).equals(readFileSync(join(folder, 'p.svg')))).toBe(true);
    const { stdout } = await enlarger('metrics', 'scan.tif', 'page.png', '--page', '2', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ psnrY: null });
  });

  it('proposes crops and says so, takes grey, alpha and several photos', async () => {
    const sheet = told(
      await enlarger(
        'compare',
        'clear.png',
        'small.png',
        '-o',
        'grid.svg',
        '--method',
        'bilinear,bicubic',
        '--scale',
        '2.5',
        '--json',
      ),
    );
    expect(sheet.crops.map(({ proposed }) => proposed)).toEqual([true, true]);
    expect(sheet.caption).toContain('proposed by the program');
    expect(sheet.notes.join(' ')).toContain("clear.png: transparency is laid onto the sheet's ground");
    expect(sheet.crops[0]!.results.every(({ consistency }) => Number(consistency) > 20)).toBe(true);
  });

  it.each<[string[], string, number?]>([
    [
      ['small.png', '-o', 'x.png', '--reference', 'small.png'],
      'Expected a reference of 240 x 192 pixels (small.png enlarged 4 times), small.png has 60 x 48',
    ],
    [
      ['small.png', '-o', 'x.png', '--region', '50,40,20,20'],
      'Expected a crop inside the 60 x 48 pixels of small.png, received 20 x 20 at 50, 40.',
    ],
    [
      ['small.png', '-o', 'x.png', '--tradeoff', 'without.json'],
      'Expected an evaluation with LPIPS at 1 to 12 scales in without.json, found none to plot',
      2,
    ],
  ])('refuses %j', async (args, sentence, status = 1) => {
    const ended = await enlarger('compare', '--method', 'bicubic', ...args);
    expect(ended.stderr).toContain(sentence);
    expect(ended.status).toBe(status);
    expect(existsSync(join(folder, 'x.png'))).toBe(false);
  });
});

describe('a wrong call of compare', () => {
  const method = 'bicubic,edsr';
  it.each([
    [[], { output: 's.png', method }, 'Expected a photo'],
    [['a.png'], { method }, 'Expected -o with a file'],
    [
      ['a.png'],
      { output: 's.jpg', method },
      'Expected -o to end in .png, .pdf, .svg, .html, .tex, .gif, .webp, received s.jpg.',
    ],
    [['a.png'], { output: 'a.png', method }, 'another file than the photo itself'],
    [['a.png'], { output: 's.png' }, 'Expected --method'],
    [['a.png', 'b.png', 'c.png'], { output: 's.png', method, page: ['1', '2'] }, 'one for each of the 3'],
    [['a.png'], { output: 's.png', method, scale: '2,3' }, 'several make a --layout ladder'],
    [
      ['a.png'],
      { output: 's.png', method, scale: '2.5', hide: true },
      'Expected a whole --scale of 2 or more with --hide, received 2.5.',
    ],
    [['a.png'], { output: 's.png', method, hide: true, reference: ['b.png'] }, 'received both'],
    [['a.png'], { output: 's.png', method, errorMap: true }, 'without a truth there is no error'],
    [
      ['a.png', 'b.png', 'c.png'],
      { output: 's.png', method, region: ['0,0,9,9', '0,0,9,9'] },
      'one --region for each of the 3 photos',
    ],
    [['a.png'], { output: 's.png', method, width: '3mm' }, 'Expected --width to be 4 to 100 cm'],
    [['a.png'], { output: 's.png', from: 's.pdf', method }, 'Expected no --method with --from'],
    [['a.png'], { output: 's.png', method: 'edsr:crispness' }, 'Expected a setting of edsr to be ensemble, '],
    [['a.png'], { output: 's.png', method: 'edsr:ensemble=1' }, 'received ensemble=1.'],
    [
      ['a.png'],
      { output: 's.png', method: 'cs:crispness=2' },
      'Expected --crispness to be a number from 0 to 1',
    ],
    [['a.png'], { output: 's.png', method, label: ['a', 'b', 'c'] }, 'at most one --label for each of the 2'],
  ])('%j %j', (inputs, options, sentence) => {
    expect(() => readCompareCall(inputs, options)).toThrow(sentence);
  });

  it('gives each method its own settings and name', () => {
    const { sheet } = readCompareCall(['a.png'], {
      output: 's.pdf',
      method: 'edsr,edsr:ensemble,cs:crispness=0.4:consistent',
      label: ['', 'EDSR+'],
      cascade: true,
    });
    if (sheet.kind !== 'new') throw new Error('expected a new sheet');
    expect(sheet.document.methods).toEqual([
      { id: 'edsr', turned: { cascade: true } },
      { id: 'edsr', turned: { cascade: true, ensemble: true }, label: 'EDSR+' },
      { id: 'cs', turned: { cascade: true, crispness: 0.4, consistent: true } },
    ]);
  });

  it('is a right one otherwise', () => {
    const { sheet } = readCompareCall(['a.png'], {
      output: 's.pdf',
      method,
      layout: 'ladder',
      width: '3.5in',
    });
    if (sheet.kind !== 'new') throw new Error('expected a new sheet');
    expect(sheet.document).toMatchObject({
      scales: [2, 3, 4, 6, 8, 12],
      layout: 'ladder',
      style: { widthCm: 8.89 },
    });
  });
});
