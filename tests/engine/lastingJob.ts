import type { LastingJob } from '../../src/engine/jobs/job';

/**
 * A job of no engine: it has its turns at once, nobody hears of its progress, and its marks are added to `marks`, from
 * which it goes on.
 */
export const lastingJob = ({
  id = 'test',
  marks = [],
  signal = new AbortController().signal,
  turn = () => Promise.resolve(() => undefined),
}: { readonly marks?: unknown[] } & Partial<
  Pick<LastingJob, 'id' | 'signal' | 'turn'>
> = {}): LastingJob => ({
  id,
  signal,
  turn,
  progress: () => undefined,
  marks: [...marks],
  mark: (mark) => {
    marks.push(mark);
    return Promise.resolve();
  },
  folder: '/nowhere',
  wasDisturbed: false,
});
