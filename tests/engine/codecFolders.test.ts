import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listImages } from '../../src/engine/codec/read/listImages';
import { readWhole } from '../../src/engine/codec/read/readWhole';
import { openScratchFolder } from '../../src/engine/codec/scratch/scratchFolder';
import { codecVersions } from '../../src/engine/codec/versions';
import { withTurn } from '../../src/engine/codec/vips';
import { toBytes } from '../../src/engine/kernels/color/quantise';
import { noise, writePng } from '../fixtures/pictures';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'codec-folders-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

it('a scratch folder is private, and gone when closed', async () => {
  const folder = await openScratchFolder(join(root, 'made'));
  if (process.platform !== 'win32') expect((await stat(folder.path)).mode & 0o777).toBe(0o700);
  await writeFile(join(folder.path, 'pixels'), 'x');
  await folder.close();
  expect(existsSync(folder.path)).toBe(false);
});

it('folders of dead processes are swept; those of living ones, and what is not ours, stay', async () => {
  const [dead, unsigned, other] = ['enlarger-dead01', 'enlarger-bare01', 'enlarger-notes'].map((name) =>
    join(root, name),
  ) as [string, string, string];
  for (const path of [dead, unsigned, other]) await mkdir(path);
  const living = await openScratchFolder(root);
  // The sign of a process that was killed: its socket is still there, and nobody listens.
  await copyFile(join(living.path, '.holder'), join(dead, '.holder'));
  const listening = `require('node:net').createServer().listen(process.argv[1], () => console.log())`;
  const child = spawn(process.execPath, ['-e', listening, join(dead, '.alive')]);
  await once(child.stdout, 'data');
  await (await openScratchFolder(root)).close();
  expect(existsSync(dead)).toBe(true);
  child.kill('SIGKILL');
  await once(child, 'exit');
  await (await openScratchFolder(root)).close();
  expect([dead, living.path, unsigned, other].map((path) => existsSync(path))).toEqual([
    false,
    true,
    true,
    true,
  ]);
  await living.close();
});

it('a scratch folder that cannot be made is told with the way out', async () => {
  await writeFile(join(root, 'file'), '');
  await expect(openScratchFolder(join(root, 'file'))).rejects.toMatchObject({
    fault: { code: 'output-unwritable', message: expect.stringContaining('ENLARGER_SCRATCH') as string },
  });
});

it('images are listed in natural order, by their endings', async () => {
  const folder = join(root, 'images');
  await mkdir(join(folder, 'sub.png'), { recursive: true });
  for (const name of ['img10.png', 'img2.JPG', 'Img1.tiff', 'a.txt', 'c.psd', '.hidden.png', 'b.avif']) {
    await writeFile(join(folder, name), '');
  }
  const { images, unread } = await listImages(folder);
  expect(images.map((path) => basename(path))).toEqual(['b.avif', 'Img1.tiff', 'img2.JPG', 'img10.png']);
  expect(unread).toEqual(['c.psd']);
  await expect(listImages(join(folder, 'sub.png'))).rejects.toThrow('found none');
  await expect(listImages(join(folder, 'a.txt'))).rejects.toMatchObject({ fault: { code: 'not-a-file' } });
  await expect(listImages(join(folder, 'none'))).rejects.toMatchObject({ fault: { code: 'not-found' } });
});

it('a whole picture is read, and nothing stays', async () => {
  const scratchFolder = join(root, 'whole');
  await mkdir(scratchFolder);
  const picture = noise({ width: 33, height: 21, channels: 3, depth: 8 });
  const read = await readWhole(await writePng(join(root, 'whole.png'), picture), { scratchFolder });
  expect(toBytes(read)).toEqual(picture.samples);
  expect(await readdir(scratchFolder)).toEqual([]);
});

it('versions are told', () => {
  expect(codecVersions().sharp).toMatch(/^\d+\.\d+/);
  expect(codecVersions().libvips).toMatch(/^8\./);
});

it('at most three turns at once; an aborted wait lets the next in', async () => {
  const running = new Set<number>();
  let most = 0;
  const releases: (() => void)[] = [];
  const work = (n: number) => (): Promise<number> => {
    running.add(n);
    most = Math.max(most, running.size);
    return new Promise((resolve) => {
      releases.push(() => {
        running.delete(n);
        resolve(n);
      });
    });
  };
  const abort = new AbortController();
  const turns = [0, 1, 2, 3, 4].map((n) => withTurn(work(n), n === 3 ? abort.signal : undefined));
  const left = expect(turns[3]).rejects.toMatchObject({ name: 'AbortError' });
  abort.abort();
  await left;
  for (let i = 0; i < 4; i++) {
    releases.shift()!();
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await Promise.all([turns[0], turns[1], turns[2], turns[4]])).toEqual([0, 1, 2, 4]);
  expect(most).toBe(3);
});
