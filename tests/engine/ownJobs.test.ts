import { describe, expect, it } from 'vitest';
import type { Work } from '../../src/engine/jobs/kind';
import { follow } from '../../src/engine/jobs/ledger';
import { OwnJobs } from '../../src/engine/jobs/ownJobs';
import type { Shelf } from '../../src/engine/jobs/shelf';
import { Queue } from '../../src/engine/schedule/queue';

const work: Work = { title: 'photo.png', run: () => Promise.reject(new Error('is ended by the test')) };

/** The jobs of an engine without a disk, `count` of which a page that is `away` or not has had done, in order. */
async function withDone(count: number, away: boolean): Promise<OwnJobs> {
  const shelf = { folders: { pathOf: (job: string) => job }, clear: () => Promise.resolve() };
  const jobs = new OwnJobs({ queue: new Queue(), shelf: shelf as unknown as Shelf, tell: () => undefined });
  for (let index = 0; index < count; index++) {
    const begun = {
      record: 'begun',
      version: 1,
      kind: 'export',
      title: work.title,
      at: index,
      order: {},
    } as const;
    const job = jobs.add('page', follow(undefined, { ...begun, job: `job-${index}` }), undefined, work);
    if (away) job.owner = undefined;
    await jobs.finish(job, { as: 'done' });
  }
  return jobs;
}

describe('jobs that ended', () => {
  it('are remembered for a while once their page was told', async () => {
    const left = (await withDone(53, false)).all().map(({ state }) => state.job);
    expect(left).toHaveLength(50);
    expect(left[0]).toBe('job-3');
  });

  it('are all remembered for a page that was away while a large batch ended', async () => {
    expect((await withDone(120, true)).all()).toHaveLength(120);
  });
});
