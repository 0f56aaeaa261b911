import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { readCompareCall, type CompareOptions } from '../../src/cli/compareCall';
import { buildProgram } from '../../src/cli/program';
import { sheetCommand } from '../../src/renderer/editor/sheetCommand';
import {
  NEW_DESIGN,
  referencesFor,
  sheetOf,
  turnedAway,
  type SheetDesign,
  type SheetSubject,
} from '../../src/renderer/editor/sheetDesign';
import { readPlotted } from '../../src/renderer/editor/sheetTradeoff';
import { sheetDocumentSchema } from '../../src/shared/sheet';
import { methodCard, photoInfo } from './fakeDoor';

const chart = photoInfo();
const lake = photoInfo({ photo: 'photo-2', name: "Anna's lake.jpg" });
const large = photoInfo({ photo: 'photo-3', name: 'large.png', width: 2560, height: 1920 });
const region = (id: string, x: number) => ({ id, rect: { x, y: 2, width: 30, height: 40 } });
const subject: SheetSubject = { info: chart, regions: [region('a', 1), region('b', 50)] };
const design = (part: Partial<SheetDesign> = {}): SheetDesign => ({
  ...NEW_DESIGN,
  methods: [
    { key: '1', id: 'bicubic', turned: {}, label: '' },
    { key: '2', id: 'cs', turned: { crispness: 0.4, ensemble: true }, label: 'CS, crisp' },
    { key: '3', id: 'edsr', turned: {}, label: '' },
  ],
  ...part,
});
const problemOf = (part: Partial<SheetDesign>, subjects = [subject]) =>
  sheetOf(design(part), subjects, [chart, lake, large]).problem;

/** The words of a line as a POSIX shell reads them. */
function wordsOf(line: string): string[] {
  const words: string[] = [];
  for (const [, word] of line.matchAll(/((?:'[^']*'|\\.|[^\s'])+)/g)) {
    words.push(
      word!.replace(/'([^']*)'|\\(.)/g, (_whole, quoted?: string, escaped?: string) => quoted ?? escaped!),
    );
  }
  return words;
}

type Read = ReturnType<typeof readCompareCall>['sheet'];

/** What the terminal makes of a line. */
async function readLine(line: string): Promise<Read> {
  const [name, ...args] = wordsOf(line);
  expect(name).toBe('enlarger');
  const program = buildProgram(() => undefined);
  let read: Read | undefined;
  program.commands
    .find((command) => command.name() === 'compare')!
    .action((inputs: string[], options: CompareOptions) => {
      read = readCompareCall(inputs, options).sheet;
    });
  await program.parseAsync(args, { from: 'user' });
  return read!;
}

/** The document that the terminal makes of a line. */
async function documentOf(line: string): Promise<unknown> {
  const sheet = await readLine(line);
  return sheet.kind === 'new' ? v.parse(sheetDocumentSchema, sheet.document) : null;
}

describe('the line that makes the same sheet', () => {
  test.each<[string, Partial<SheetDesign>, SheetSubject[]?]>([
    ['as it is begun with', {}],
    [
      'of crops of its own',
      {
        crops: 'chosen',
        leftOut: ['a'],
        picked: [{ key: 'p', photo: 'photo-1', region: { x: 0, y: 0, width: 8, height: 9 } }],
      },
    ],
    [
      'with everything switched on',
      {
        truth: 'hide',
        layout: 'strip',
        errorMap: true,
        scaleBar: true,
        figures: false,
        theme: 'dark',
        widthCm: 8.9,
        cropZoom: 3,
        proposals: 4,
      },
    ],
    ['with words', { title: "-- Anna's “lake” $HOME", caption: 'two\nlines, \\ and "quotes"' }],
    ['as a ladder', { layout: 'ladder', ladder: [8, 2, 2.5] }],
    ['against a reference', { truth: 'reference', references: { 'photo-1': 'photo-3' } }],
    [
      'of several photos',
      { layout: 'grid', crops: 'chosen' },
      [subject, { info: lake, regions: [region('c', 9), region('d', 1)] }],
    ],
    ['of a page', {}, [{ ...subject, info: { ...subject.info, page: 3 } }]],
    [
      'of pages of their own',
      { layout: 'grid', crops: 'chosen' },
      [subject, { info: { ...lake, page: 2 }, regions: [region('c', 9)] }],
    ],
  ])('%s', async (_name, part, subjects = [subject]) => {
    const { document } = sheetOf(design(part), subjects, [chart, lake, large]);
    const line = sheetCommand(document!, '-sheet of mine.pdf');
    expect(await documentOf(line)).toEqual(v.parse(sheetDocumentSchema, document));
  });

  test('names the file of what is plotted, whose figures the document has', async () => {
    const text = JSON.stringify({
      dataset: '/data/Set 5',
      scale: 4,
      protocol: 'y',
      results: [
        {
          method: 'edsr',
          n: 5,
          mean: { psnrY: 32.1, ssimY: 0.9, lpips: 0.17 },
          deviation: {},
          seconds: 1,
          peakMiB: 1,
          images: [],
        },
      ],
    });
    const tradeoff = readPlotted(text, 'of mine.json');
    const { document } = sheetOf(design({ tradeoff }), [subject], []);
    expect(document!.tradeoff).toEqual({
      dataset: 'Set 5',
      protocol: 'y',
      scales: [{ scale: 4, points: [{ method: 'edsr', psnrY: 32.1, lpips: 0.17, n: 5 }] }],
    });
    const sheet = await readLine(sheetCommand(document!, 's.pdf', tradeoff.file));
    expect(sheet).toMatchObject({ kind: 'new', tradeoff: 'of mine.json' });
    expect(() => readPlotted(text.replace('0.17', 'null'), 'e.json')).toThrow(
      'Expected an evaluation with LPIPS at 1 to 12 scales in e.json',
    );
  });

  test('names each method with what is turned in it alone', () => {
    const line = sheetCommand(sheetOf(design(), [subject], []).document!, 's.png');
    expect(line).toBe(
      "enlarger compare chart.png -o s.png --method bicubic,cs:ensemble:crispness=0.4,edsr --label '' --label 'CS, crisp' --scale 4 --layout paper --crops 2",
    );
  });
});

describe('a design that makes no sheet says why', () => {
  test.each<[Partial<SheetDesign>, object]>([
    [{ methods: [] }, { of: 'methods' }],
    [{ truth: 'hide', scale: 2.5 }, { of: 'hideScale' }],
    [{ layout: 'ladder', ladder: [] }, { of: 'ladder' }],
    [{ crops: 'chosen', leftOut: ['a', 'b'] }, { of: 'crops' }],
    [{ truth: 'reference' }, { of: 'reference', name: 'chart.png', width: 2560, height: 1920 }],
    [
      { truth: 'reference', references: { 'photo-1': 'photo-2' } },
      { of: 'reference', name: 'chart.png' },
    ],
    [{ truth: 'reference', layout: 'ladder' }, { of: 'ladderReference' }],
  ])('%j', (part, problem) => {
    expect(problemOf(part)).toMatchObject(problem);
  });

  test('of photos: none, too many, one without a crop in a grid', () => {
    expect(problemOf({}, [])).toEqual({ of: 'photo' });
    expect(problemOf({}, Array<SheetSubject>(25).fill(subject))).toEqual({ of: 'tooManyPhotos', most: 24 });
    const bare = { info: lake, regions: [] };
    expect(problemOf({ layout: 'grid', crops: 'chosen' }, [subject, bare])).toEqual({
      of: 'gridCrop',
      name: lake.name,
    });
  });
});

test('a reference has exactly the size of the enlargement, and is another photo', () => {
  expect(referencesFor(subject, 4, [chart, lake, large])).toEqual([large]);
  expect(referencesFor(subject, 1, [chart, lake, large])).toEqual([lake]);
});

test('an error map is left out where there is nothing to be wrong against', () => {
  const { document } = sheetOf(design({ errorMap: true }), [subject], []);
  expect(document!.style!.errorMap).toBe(false);
});

test('what stands where the method has it anyway is not told', () => {
  const card = methodCard({ controls: [{ id: 'crispness', default: 0.5 }] });
  expect(turnedAway({ crispness: 0.5, ensemble: false, consistent: true }, card)).toEqual({
    consistent: true,
  });
  expect(turnedAway({ crispness: 0.4, seed: 3 }, card)).toEqual({ crispness: 0.4 });
});
