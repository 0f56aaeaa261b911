import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { Window } from 'happy-dom';
import sharp from 'sharp';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RenderedSheet } from '../../src/engine/jobs/sheet/make';
import { writeSheet } from '../../src/engine/jobs/sheet/written';
import { readEmbedded } from '../../src/engine/sheets/embedded';
import type { SheetPicture } from '../../src/engine/sheets/drawing';
import { loadFonts } from '../../src/engine/sheets/fonts';
import { layOut } from '../../src/engine/sheets/layout/sheet';
import { escapeLatex } from '../../src/engine/sheets/write/latex';
import { SHEET_FORMATS, sheetDocumentSchema, type SheetFormat } from '../../src/shared/sheet';
import type { Tradeoff } from '../../src/shared/tradeoff';
import { contentOf } from '../unit/sheets/contents';

const folder = mkdtempSync(join(tmpdir(), 'enlarger-sheets-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const has = (program: string, ...args: string[]): boolean => spawnSync(program, args).error === undefined;

/** A picture in which every pixel has its own colour. */
function picture(width: number, height: number): SheetPicture {
  const rgb = new Uint8Array(3 * width * height);
  for (let i = 0; i < width * height; i++) rgb.set([i % width, Math.floor(i / width), (7 * i) % 256], 3 * i);
  return { width, height, rgb };
}

/** A sheet of two crops by two methods beside the original. */
function madeSheet(title: string): RenderedSheet {
  const tradeoff: Tradeoff = {
    dataset: 'Set_5',
    protocol: 'y',
    scales: [{ scale: 4, points: [{ method: 'edsr', name: 'EDSR & more', psnrY: 32.1, lpips: 0.17, n: 5 }] }],
  };
  const content = {
    ...contentOf('paper', 2, 3, { title, errorMap: true, widthCm: 9 }, 24),
    tradeoff,
  };
  const pictures = new Map<string, SheetPicture>([['photo-0', picture(64, 48)]]);
  for (const { cells } of content.rows) {
    for (const { picture: key, error } of cells) {
      pictures.set(key, picture(24, 18));
      if (error !== undefined) pictures.set(error, picture(24, 18));
    }
  }
  const document = v.parse(sheetDocumentSchema, {
    sheet: 1,
    photos: [{ name: 'chart.png' }],
    methods: [{ id: 'bicubic' }, { id: 'edsr' }],
    scales: [4],
    style: { title },
    tradeoff,
  });
  return { document, content, pictures, whole: [], crops: [], isUnmeasured: false };
}

const TITLE = 'Methods & crops, <beside> each other';
const made = madeSheet(TITLE);
const where = { overwrite: true, sources: [] };

async function write(
  format: SheetFormat,
  name = `sheet.${format}`,
): Promise<{ path: string; file: Buffer; beside: string[] }> {
  const path = join(folder, name);
  const { beside } = await writeSheet(made, { format, path }, where, '0.0.0');
  return { path, file: readFileSync(path), beside };
}

describe.each(SHEET_FORMATS)('a sheet as %s', (format) => {
  it('is the same bytes every time, and holds the document that made it', async () => {
    const first = await write(format);
    const second = await write(format, `other.${format}`);
    expect(second.file.equals(first.file)).toBe(true);
    expect(readEmbedded(first.file, first.path)).toEqual(made.document);
  });
});

describe('a sheet as PNG', () => {
  it('knows its size in print and draws each pixel of a crop as whole dots', async () => {
    const { file } = await write('png');
    const drawing = layOut(made.content, (await loadFonts()).measure);
    const { data, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
    const { density } = await sharp(file).metadata();
    expect([info.width, info.height, info.channels, density]).toEqual([
      drawing.width,
      drawing.height,
      3,
      drawing.density,
    ]);
    const crop = drawing.items.find((item) => item.kind === 'picture' && item.picture === 'crop-1-1');
    if (crop?.kind !== 'picture') throw new Error('expected the crop on the sheet');
    const zoom = crop.width / 24;
    expect(Number.isInteger(zoom)).toBe(true);
    const wrong: string[] = [];
    for (let y = 0; y < crop.height; y++) {
      for (let x = 0; x < crop.width; x++) {
        const at = 3 * ((crop.y + y) * info.width + crop.x + x);
        const i = Math.floor(y / zoom) * 24 + Math.floor(x / zoom);
        const wanted = [i % 24, Math.floor(i / 24), (7 * i) % 256];
        if (wanted.some((value, c) => data[at + c] !== value)) wrong.push(`${x},${y}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

describe('a sheet as SVG', () => {
  it('parses, with text that can be found and every picture inside', async () => {
    const { file } = await write('svg');
    const text = file.toString('utf8');
    const parsed = new new Window().DOMParser().parseFromString(text, 'image/svg+xml');
    expect(parsed.documentElement.tagName).toBe('svg');
    const said = Array.from(parsed.querySelectorAll('text'), (one) => one.textContent).join(' ');
    expect(said).toContain('28.42 / 0.8123');
    expect(said).toContain(TITLE);
    const hrefs = Array.from(parsed.querySelectorAll('image'), (one) => one.getAttribute('href') ?? '');
    expect(hrefs).toHaveLength(2 + 2 * 3 * 2);
    expect(said).toContain('EDSR & more');
    expect(parsed.querySelectorAll('circle')).toHaveLength(1);
    expect(hrefs.every((href) => href.startsWith('data:image/png;base64,'))).toBe(true);
    const elsewhere = text.replace(/xmlns="[^"]*"/g, '').match(/https?:/g);
    expect(elsewhere).toBeNull();
    if (has('xmllint', '--version')) {
      expect(spawnSync('xmllint', ['--noout', join(folder, 'sheet.svg')]).status).toBe(0);
    }
  });
});

describe('a sheet as PDF', () => {
  it.skipIf(!has('pdftotext', '-v'))('has text that pdftotext finds', async () => {
    const { path } = await write('pdf');
    const { stdout } = spawnSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' });
    for (const words of [
      TITLE,
      'Method 1',
      '28.42 / 0.8123',
      '27.11 / 0.7810',
      'chart.png',
      'EDSR & more',
      'Set_5 ×4',
    ]) {
      expect(stdout).toContain(words);
    }
  });
});

describe('a sheet as LaTeX', () => {
  it('has its pictures beside it', async () => {
    const { file, beside } = await write('tex');
    expect(beside.length).toBe(made.pictures.size);
    const included = [...file.toString('utf8').matchAll(/\{(sheet-[0-9a-f]{8}\/[^}]*\.png)\}/g)].map(
      ([, name]) => name!,
    );
    expect(included.length).toBeGreaterThan(0);
    expect(included.filter((name) => !existsSync(join(folder, name)))).toEqual([]);
  });

  it('is one archive with all of them where it is packed, the same bytes every time', async () => {
    const { file, beside } = await write('tex');
    const pack = async (name: string): Promise<Buffer> => {
      const path = join(folder, name);
      const written = await writeSheet(made, { format: 'tex', path, packedAs: 'sheet.tex' }, where, '0.0.0');
      expect(written.beside).toEqual([]);
      return readFileSync(path);
    };
    const packed = await pack('first');
    const entries = unzipSync(packed);
    expect(Object.keys(entries)).toEqual(['sheet.tex', ...beside]);
    expect(Buffer.from(entries['sheet.tex']!).equals(file)).toBe(true);
    expect(Buffer.from(entries[beside[0]!]!).equals(readFileSync(join(folder, beside[0]!)))).toBe(true);
    expect((await pack('second')).equals(packed)).toBe(true);
  });

  it('leaves nothing behind where it cannot be written', async () => {
    const place = join(folder, 'full');
    mkdirSync(place);
    writeFileSync(join(place, 'sheet.tex'), 'mine');
    const writing = writeSheet(
      made,
      { format: 'tex', path: join(place, 'sheet.tex') },
      { ...where, overwrite: false },
      '0.0.0',
    );
    await expect(writing).rejects.toThrow('Expected no file at');
    expect(readdirSync(place)).toEqual(['sheet.tex']);
    expect(readFileSync(join(place, 'sheet.tex'), 'utf8')).toBe('mine');
  });

  it('escapes what TeX would read as its own', () => {
    expect(escapeLatex('50% of a_b & {x} ×4 – é')).toBe(
      '50\\% of a\\_b \\& \\{x\\} \\ensuremath{\\times}4 -- é',
    );
    expect(() => escapeLatex('한')).toThrow('received 한');
  });

  it.skipIf(!has('pdflatex', '--version'))('compiles on its own', async () => {
    await write('tex');
    const { status } = spawnSync('pdflatex', ['-interaction=batchmode', '-halt-on-error', 'sheet.tex'], {
      cwd: folder,
    });
    expect(status).toBe(0);
    const log = readFileSync(join(folder, 'sheet.log'), 'latin1');
    expect(/Overfull|Missing character/.test(log)).toBe(false);
    expect(log).toMatch(/Output written on sheet\.pdf \(1 page/);
  });

  it.skipIf(!has('pdflatex', '--version') || !has('pdftotext', '-v'))(
    'keeps its lines on the page, and the spaces between their parts',
    async () => {
      await write('tex');
      spawnSync('pdflatex', ['-interaction=batchmode', 'sheet.tex'], { cwd: folder });
      const told = (...how: string[]): string =>
        spawnSync('pdftotext', [...how, 'sheet.pdf', '-'], { cwd: folder, encoding: 'utf8' }).stdout;
      const width = Number(/<page width="([\d.]+)"/.exec(told('-bbox'))?.[1]);
      const ends = Array.from(told('-bbox').matchAll(/xMax="([\d.]+)"/g), ([, x]) => Number(x));
      expect(ends.length).toBeGreaterThan(50);
      expect(Math.max(...ends)).toBeLessThanOrEqual(width);
      expect(told('-layout')).toContain('28.42 / 0.8123');
    },
  );
});

describe('a sheet that blinks', () => {
  it.each(['gif', 'webp'] as const)('has a frame for each method: %s', async (format) => {
    const { file } = await write(format);
    const { pages, delay } = await sharp(file, { animated: true }).metadata();
    expect(pages).toBe(3);
    expect(delay).toEqual([1200, 1200, 1200]);
  });
});

describe('text on a sheet', () => {
  let measure: Awaited<ReturnType<typeof loadFonts>>['measure'];
  beforeAll(async () => {
    ({ measure } = await loadFonts());
  });

  it('has widths that follow its letters, Korean too', () => {
    expect(measure('', 'regular')).toBe(0);
    expect(measure('MM', 'regular')).toBeCloseTo(2 * measure('M', 'regular'), 6);
    expect(measure('AV', 'regular')).toBeLessThan(measure('A', 'regular') + measure('V', 'regular'));
    expect(measure('가 나', 'bold')).toBeGreaterThan(1.5);
  });

  it('in letters that its fonts do not have is refused', () => {
    expect(() => measure('a 漢', 'regular')).toThrow(
      'Expected text in Latin, Greek, Cyrillic or Korean letters',
    );
  });
});

it('a sheet of the first version, which called its style a look, keeps it', () => {
  const { style, ...rest } = made.document;
  const json = JSON.stringify({ ...rest, look: { ...style, title: 'As it was' } });
  const text = `enlarger-sheet:${Buffer.from(json).toString('base64')}:enlarger-sheet`;
  expect(readEmbedded(Buffer.from(text), 'old.svg')).toEqual({
    ...rest,
    style: { ...style, title: 'As it was' },
  });
});

describe('a file that is no sheet', () => {
  it('says so', () => {
    expect(() => readEmbedded(Buffer.from('nothing'), 'a.png')).toThrow('found nothing in a.png');
    expect(() => readEmbedded(Buffer.from('enlarger-sheet:e30=:enlarger-sheet'), 'a.png')).toThrow(
      'is damaged or of another version',
    );
  });
});
