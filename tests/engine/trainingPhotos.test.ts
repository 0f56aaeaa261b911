import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { photosOf } from '../../src/engine/jobs/finetune/order';
import type { LeasedPhotos } from '../../src/engine/jobs/upscale/source';
import { ownFolder } from '../fixtures/ownFolder';

/** What a training keeps of its photos, to open them again. */
let folder: string;
beforeAll(async () => {
  folder = await ownFolder('training-photos');
  await writeFile(join(folder, 'scan.tif'), 'pages');
});

/** An engine that has two pages of one file open. */
const opened = (temporary: boolean): LeasedPhotos =>
  ({
    lease: (_client: string, token: string) => ({
      photo: {
        path: join(folder, 'scan.tif'),
        page: token === 'photo-2' ? 2 : 1,
        info: { name: 'scan.tif' },
        temporary,
      },
      end: () => undefined,
    }),
  }) as unknown as LeasedPhotos;

it.each([false, true])(
  'two pages of one file are two photos, the same page once (sent by a page: %s)',
  async (temporary) => {
    const tokens = ['photo-1', 'photo-2', 'photo-3'].map((photo) => ({ photo }));
    const order = { photos: tokens } as unknown as Parameters<typeof photosOf>[0];
    const kept = await photosOf(order, { id: 'a' }, opened(temporary), folder);
    expect(kept.map(({ name, page }) => [name, page])).toEqual([
      ['scan.tif', undefined],
      ['scan.tif', 2],
    ]);
  },
);
