import { join } from 'node:path';
import sharp from 'sharp';
import { Engine } from './engine.js';
import { drawPhotograph } from './photographs.js';
import { processorSeconds } from './processes.js';
import { median } from './statistics.js';

/** What a camera of 24 megapixels gives. */
const SIZES = [
  { width: 3000, height: 2000 },
  { width: 6000, height: 4000 },
];

/**
 * Seconds that PSNR, SSIM, MS-SSIM and the statistics of two pictures take from file to figures, on the clock and of all
 * processors (which others at work on the machine change little), and the memory of the
 * whole engine: of 6 and of 24 megapixels, so that it can be seen not to grow with them. Without LPIPS and NIQE.
 */
export async function measureMetrics(folder, rounds) {
  const rows = [];
  for (const { width, height } of SIZES) {
    const paths = ['reference', 'result'].map((name) => join(folder, `${name}-${width}.tiff`));
    await drawPhotograph(join(folder, 'drawn.png'), width, height);
    // Uncompressed: what is measured is measuring, not unpacking.
    await sharp(join(folder, 'drawn.png')).tiff({ compression: 'none' }).toFile(paths[0]);
    await sharp(join(folder, 'drawn.png')).blur(0.6).tiff({ compression: 'none' }).toFile(paths[1]);
    const engine = new Engine(join(folder, `home-${width}`), { ENLARGER_DATA: folder });
    const seconds = [];
    const processor = [];
    let anonymousPeak = 0;
    const sampling = setInterval(
      () => (anonymousPeak = Math.max(anonymousPeak, engine.anonymousMemoryMiB())),
      50,
    );
    try {
      await engine.ready;
      for (let round = 0; round < rounds; round++) {
        const order = { reference: paths[0], result: paths[1], border: 4 };
        const start = performance.now();
        const spent = processorSeconds(engine.child.pid);
        await engine.job('metrics', order);
        seconds.push((performance.now() - start) / 1e3);
        processor.push(processorSeconds(engine.child.pid) - spent);
      }
      rows.push({
        megapixels: (width * height) / 1e6,
        seconds: Number(median(seconds).toFixed(2)),
        processorSeconds: Number(median(processor).toFixed(2)),
        peakMiB: Math.round(engine.peakMemoryMiB()),
        anonymousPeakMiB: Math.round(anonymousPeak),
      });
    } finally {
      clearInterval(sampling);
      await engine.close();
    }
  }
  return rows;
}
