import { describe, expect, it } from 'vitest';
import { formatSeconds } from '../../src/cli/durations';
import { EXIT, statusOf } from '../../src/cli/exitStatus';
import { faultDetail, faultSentence } from '../../src/cli/faultText';
import { nearNames } from '../../src/cli/nearNames';
import { editDistance } from '../../src/shared/editDistance';
import { progressLine } from '../../src/cli/progressBar';
import { displayWidth, layTable } from '../../src/shared/textTable';

const METHODS = ['nearest', 'bilinear', 'bicubic', 'lanczos', 'srcnn', 'fsrcnn', 'espcn'];

describe('near names', () => {
  it('counts edits', () => {
    expect(editDistance('kitten', 'sitting')).toBe(3);
    expect(editDistance('', 'abc')).toBe(3);
  });

  it('finds what was meant, nearest first', () => {
    expect(nearNames('bicubc', METHODS)[0]).toBe('bicubic');
    expect(nearNames('FSRCNN', METHODS)[0]).toBe('fsrcnn');
    expect(nearNames('lan', METHODS)).toEqual(['lanczos']);
    expect(nearNames('waifu2x', METHODS)).toEqual([]);
  });
});

describe('tables', () => {
  it('line up, Korean names included', () => {
    const lines = layTable(
      [
        { title: 'name', align: 'left' },
        { title: 'dB', align: 'right' },
      ],
      [
        ['사진', '9.10'],
        ['photo', '33.67'],
      ],
    );
    expect(lines).toEqual(['name      dB', '사진    9.10', 'photo  33.67']);
    expect(new Set(lines.map(displayWidth)).size).toBe(1);
  });
});

describe('words', () => {
  it('say times as people do', () => {
    expect([0.04, 9.94, 12.4, 185, 7800].map(formatSeconds)).toEqual([
      '40 ms',
      '9.9 s',
      '12 s',
      '3 min 5 s',
      '2 h 10 min',
    ]);
  });

  it('name the file where a fault does not', () => {
    const fault = { code: 'empty-file', message: 'The file is empty.', detail: 'inner words' } as const;
    expect(faultSentence(fault, 'a.png')).toBe('a.png: The file is empty.');
    expect(faultSentence({ ...fault, message: 'a.png is empty.' }, 'a.png')).toBe('a.png is empty.');
    expect(faultDetail(fault)).toBeUndefined();
    expect(faultDetail({ ...fault, code: 'internal' })).toBe('inner words');
  });

  it('end with the documented status', () => {
    expect([statusOf('stopped'), statusOf('unknown-method'), statusOf('disk-full')]).toEqual([
      EXIT.interrupted,
      EXIT.wrongCall,
      EXIT.failed,
    ]);
  });

  it('show progress on one line', () => {
    const event = {
      event: 'job:progress',
      job: 'j',
      stage: 'enlarge',
      done: 10,
      total: 40,
      secondsLeft: 3,
    } as const;
    expect(progressLine({ position: { at: 2, of: 9 }, name: 'in/a.jpg' }, event)).toBe(
      `2/9  a.jpg  ${'█'.repeat(6)}${'░'.repeat(18)}  10/40 tiles  3 s left`,
    );
    expect(progressLine({ name: 'a.jpg' }, { ...event, stage: 'encode', secondsLeft: null })).toMatch(
      /writing 25 %$/,
    );
  });
});
