/**
 * What the page's main thread did in each frame, from a trace of Chromium: processor milliseconds of its tasks between
 * one frame and the next. Processor time, so that what else the machine does is not counted.
 */
const CATEGORIES = ['toplevel', 'blink.user_timing', 'devtools.timeline', '__metadata'];

/** Records a trace of a page while `act` runs; gives its events. */
export async function traced(page, act) {
  const session = await page.context().newCDPSession(page);
  const events = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...value));
  const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: {
      recordMode: 'recordAsMuchAsPossible',
      includedCategories: CATEGORIES,
      excludedCategories: ['*'],
    },
  });
  await act();
  await session.send('Tracing.end');
  await complete;
  await session.detach();
  return events;
}

/** Milliseconds of the main thread's work in each frame of a trace. */
export function workPerFrame(events) {
  const marks = events.filter(({ name }) => name.startsWith('enlarger-frame ')).sort((a, b) => a.ts - b.ts);
  const [first] = marks;
  if (!first) throw new Error('expected frames in the trace, found none');
  // Tasks do not nest; what lies inside another one is another category's.
  const tasks = events
    .filter(
      ({ pid, tid, ph, name, tdur }) =>
        pid === first.pid && tid === first.tid && ph === 'X' && isTask(name) && tdur,
    )
    .sort((a, b) => a.ts - b.ts);
  if (tasks.length === 0) throw new Error('expected tasks of the main thread in the trace, found none');
  const work = marks.map(() => 0);
  let frame = 0;
  let end = 0;
  for (const { ts, dur, tdur } of tasks) {
    if (ts < end) continue;
    end = ts + dur;
    while (frame + 1 < marks.length && marks[frame + 1].ts <= ts) frame += 1;
    work[frame] += tdur / 1000;
  }
  return work.slice(1, -1); // the first and the last are cut by the trace
}

const isTask = (name) => name === 'RunTask' || name === 'ThreadControllerImpl::RunTask';
