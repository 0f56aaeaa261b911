import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUILD, runEnlarger, type Ended } from './enlargerProcess';
import { writePicture, writePngBomb } from './pictures';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'enlarger-bad-input-'));
  await writePicture(join(folder, 'good.png'), 40, 30);
  await writePicture(join(folder, 'last.jpg'), 31, 17);
  await writePicture(join(folder, 'dot.png'), 1, 1);
  await writePicture(join(folder, 'thread.png'), 1, 20_000);
  await writePicture(join(folder, 'truncated.jpg'), 400, 300);
  truncateSync(join(folder, 'truncated.jpg'), 3000);
  writeFileSync(join(folder, 'empty.png'), '');
  writeFileSync(join(folder, 'text.jpg'), 'This is a letter, and no photograph at all.\n');
  mkdirSync(join(folder, 'folder.png'));
  writePngBomb(join(folder, 'bomb.png'), 100_000);
});
afterAll(() => rmSync(folder, { recursive: true }));

const upscale = (...args: string[]): Promise<Ended> =>
  runEnlarger(['upscale', '--method', 'bicubic', ...args], { cwd: folder });

/** One sentence on standard error: one line, capital to full stop, no stack. */
function expectOneSentence({ stderr }: Ended): void {
  expect(stderr).toMatch(/^error: .{10,400}\.\n$/);
}

interface Line {
  readonly input: string;
  readonly error?: string;
  readonly width?: number;
  readonly height?: number;
}
const linesOf = ({ stdout }: Ended): Line[] =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

describe('a batch with bad photos in it', () => {
  const BAD = ['missing.png', 'folder.png', 'empty.png', 'text.jpg', 'truncated.jpg', 'bomb.png'];
  let ended: Ended;
  beforeAll(async () => {
    const inputs = ['good.png', ...BAD, 'dot.png', 'thread.png', 'last.jpg'];
    ended = await upscale(...inputs, '-o', 'batch', '--scale', '2', '--json');
  });

  it('ends with 1 and does the others, in order', () => {
    expect(ended.status).toBe(1);
    expect(linesOf(ended).filter(({ error }) => error === undefined)).toMatchObject([
      { input: 'good.png', width: 80, height: 60 },
      { input: 'dot.png', width: 2, height: 2 },
      { input: 'thread.png', width: 2, height: 40_000 },
      { input: 'last.jpg', width: 62, height: 34 },
    ]);
  });

  it.each(BAD)('says what is wrong with %s in one sentence that names it', (input) => {
    const line = linesOf(ended).find((candidate) => candidate.input === input);
    expect(line?.error).toContain(input);
    expect(line?.error).toMatch(/^[^\n]{10,400}\.$/);
    expect(line?.error).not.toMatch(/details|inside Enlarger|\bat .*:\d+:\d+/);
    expect(ended.stderr).toContain(`error: ${String(line?.error)}\n`);
  });

  it('leaves the whole results and nothing else', () => {
    expect(readdirSync(join(folder, 'batch')).sort()).toEqual([
      'dot-bicubic-x2.png',
      'good-bicubic-x2.png',
      'last-bicubic-x2.png',
      'thread-bicubic-x2.png',
    ]);
  });
});

describe('a wrong call', () => {
  it.each([
    [['--scale', '0'], '--scale'],
    [['--scale', '-1'], '--scale'],
    [['--scale', 'NaN'], '--scale'],
    [['--scale', '31'], '--scale'],
    [['--scale', '2', '--width', '80'], '--width'],
    [['--region', '1,2,3'], '--region'],
    [['--format', 'bmp'], '--format'],
    [['--format', 'jpeg', '--quality', '0'], '--quality'],
    [['--depth', '12'], '--depth'],
    [['--device', 'toaster'], '--device'],
    [['--print', '30cm'], '--print'],
    [['--invented'], '--invented'],
    [['--invented', 'map.jpg'], '--invented'],
    [['--invented', 'good.png'], '--invented'],
    [['--sharpen'], '--sharpen'],
    [['--method', 'bicubik'], '--method'],
  ])('%j ends with 2 and one sentence that names %s', async (options, named) => {
    const ended = await upscale('good.png', '-o', 'never.png', ...options);
    expect(ended.status).toBe(2);
    expectOneSentence(ended);
    expect(ended.stderr).toContain(named);
    expect(existsSync(join(folder, 'never.png'))).toBe(false);
  });
});

describe('a photo that cannot be done', () => {
  it('has no such region', async () => {
    const ended = await upscale('good.png', '-o', 'never.png', '--region', '30,0,11,5');
    expect(ended.status).toBe(1);
    expectOneSentence(ended);
    expect(ended.stderr).toMatch(/--region .*40 x 30.*30,0,11,5/);
  });

  it('has a result already: that stays as it is until --overwrite', async () => {
    const path = join(folder, 'kept.png');
    writeFileSync(path, 'precious');
    const refused = await upscale('good.png', '-o', 'kept.png');
    expect(refused.status).toBe(1);
    expectOneSentence(refused);
    expect(refused.stderr).toContain('--overwrite');
    expect(readFileSync(path, 'utf8')).toBe('precious');
    expect((await upscale('good.png', '-o', 'kept.png', '--overwrite')).status).toBe(0);
    expect(readFileSync(path).subarray(1, 4).toString()).toBe('PNG');
  });

  it.each(['good.png/under', 'no/such/folder'])('cannot be written to %s', async (place) => {
    const before = readdirSync(folder);
    const ended = await upscale('good.png', '-o', `${place}/out.png`);
    expect(ended.status).toBe(1);
    expectOneSentence(ended);
    expect(readdirSync(folder)).toEqual(before);
  });

  it.each(['good.png/under/', ...(existsSync('/proc/self') ? ['/proc/enlarger/under/'] : [])])(
    'cannot make the folder %s',
    async (place) => {
      const ended = await upscale('good.png', '-o', place);
      expect(ended.status).toBe(1);
      expectOneSentence(ended);
    },
  );
});

describe('a full disk', () => {
  const mounts =
    spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', '-o', 'size=64k', 'none', '/mnt']).status === 0;

  it.skipIf(!mounts)(
    'is said in one sentence and leaves nothing (needs unshare to mount a small disk)',
    () => {
      const full = join(folder, 'full');
      mkdirSync(full);
      const script = [
        'mount -t tmpfs -o size=64k none "$1"',
        '"$2" "$3" upscale "$4" --method bicubic --scale 20 -o "$1/out.png"',
        'status=$?; ls -A "$1"; exit $status',
      ].join('\n');
      const { status, stdout, stderr } = spawnSync(
        'unshare',
        [
          '-rm',
          'sh',
          '-c',
          script,
          'sh',
          full,
          process.execPath,
          join(BUILD, 'cli/index.js'),
          join(folder, 'good.png'),
        ],
        { encoding: 'utf8' },
      );
      expect(status).toBe(1);
      expect(stderr).toMatch(/^error: .*\b(disk|space)\b.*\.\n$/i);
      expect(stdout).toBe('');
    },
  );
});
