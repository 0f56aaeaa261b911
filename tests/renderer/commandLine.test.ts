import { expect, test } from 'vitest';
import { commandLine, type CommandOrder } from '../../src/renderer/editor/commandLine';
import { PLAIN_OPTIONS } from '../../src/shared/enlargement';

const order = (part: Partial<CommandOrder> = {}): CommandOrder => ({
  photo: 'lake.jpg',
  page: 1,
  output: 'lake-edsr-x2.5.webp',
  enlargement: { photo: 'photo-1', method: { id: 'edsr' }, scale: 2.5, options: PLAIN_OPTIONS },
  encoding: { format: 'webp', quality: 90 },
  ...part,
});

test('an export as the terminal is told', () => {
  expect(commandLine(order())).toBe(
    'enlarger upscale lake.jpg -o lake-edsr-x2.5.webp --method edsr --scale 2.5 --format webp --quality 90',
  );
  const { enlargement } = order();
  const options = { ensemble: true, consistent: true, crispness: 0.7, seed: 3 };
  const region = { x: 1, y: 2, width: 30, height: 40 };
  const turned = order({
    enlargement: { ...enlargement, region, options },
    page: 3,
    encoding: { format: 'tiff', depth: 16, strip: ['exif', 'gps'], keepDate: true, provenance: false },
  });
  const line = commandLine(turned);
  for (const part of [
    '--page 3',
    '--region 1,2,30,40',
    '--depth 16',
    '--strip exif,gps',
    '--keep-date',
    '--no-provenance',
    '--consistent',
    '--ensemble',
    '--crispness 0.7',
    '--seed 3',
  ]) {
    expect(line.split(/ (?=--)/)).toContain(part);
  }
});

test('names that a shell would read otherwise are quoted', () => {
  expect(commandLine(order({ photo: "Anna's lake $1.jpg" }))).toContain(
    `upscale 'Anna'\\''s lake $1.jpg' -o`,
  );
  expect(commandLine(order({ photo: '-v.jpg' }))).toContain('upscale ./-v.jpg -o');
  expect(commandLine(order({ output: '호수.png' }))).toContain("-o '호수.png'");
});
