import { join } from 'node:path';
import { rm } from 'node:fs/promises';
import { Engine } from './engine.js';
import { drawPhotograph } from './photographs.js';

/** Source sizes whose x4 enlargements have 25, 100 and 400 megapixels. */
const SOURCES = [
  { megapixels: 25, width: 1444, height: 1082 },
  { megapixels: 100, width: 2888, height: 2164 },
  { megapixels: 400, width: 5776, height: 4328 },
];

/** Peak memory of the engine for one x4 job each, in a fresh process each: it must not grow with the output. */
export async function measureMemory(folder, format) {
  const rows = [];
  for (const { megapixels, width, height } of SOURCES) {
    const source = join(folder, `memory-${megapixels}.jpg`);
    const output = join(folder, `memory-${megapixels}.${format}`);
    await drawPhotograph(source, width, height);
    const engine = new Engine(join(folder, 'home'));
    let anonymousPeak = 0;
    const sampling = setInterval(
      () => (anonymousPeak = Math.max(anonymousPeak, engine.anonymousMemoryMiB())),
      50,
    );
    try {
      await engine.ready;
      const { photo } = await engine.open(source);
      const done = await engine.job('upscale', {
        enlargement: { photo, method: { id: 'fsrcnn' }, scale: 4, options: {} },
        encoding: { format },
        output: { path: output, overwrite: true },
      });
      rows.push({
        format,
        megapixels,
        seconds: Number(done.seconds.toFixed(1)),
        peakMiB: Math.round(engine.peakMemoryMiB()),
        anonymousPeakMiB: Math.round(anonymousPeak),
      });
    } finally {
      clearInterval(sampling);
      await engine.close();
      await rm(output, { force: true });
    }
  }
  return rows;
}
