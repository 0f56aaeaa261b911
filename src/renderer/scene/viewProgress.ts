import type { TileInWork } from './tileWork';

/** Of one layer on screen, in output pixels. */
export interface LayerReach {
  readonly pixels: number;
  readonly donePixels: number;
  /** Of its tiles those that are being made. */
  readonly inWork: readonly Pick<TileInWork, 'pixels' | 'share' | 'spent'>[];
  /** Milliseconds that a pixel takes; null: not known. */
  readonly pace: number | null;
}

/** How far what is on screen is. */
export interface ViewProgress {
  /** 0 to 1; 0 where there is nothing. */
  readonly share: number;
  /** null: not known. */
  readonly secondsLeft: number | null;
}

/** A tile that takes longer than its like is not done before it has come. */
const MOST_BY_TIME = 0.95;

/** Pixels of a layer that are done, `since` milliseconds of each of its tiles after the last word of them. */
function donePixels({ donePixels: here, inWork, pace }: LayerReach, since: number): number {
  let done = here;
  for (const { pixels, share, spent } of inWork) {
    const byTime = pace === null ? 0 : Math.min(MOST_BY_TIME, (spent + since) / (pixels * pace));
    // What its maker said, or what the time says, whichever is more.
    done += Math.max(share, byTime) * pixels;
  }
  return done;
}

/** How far one layer is. */
export function layerProgress(layer: LayerReach, since: number): ViewProgress {
  const { pixels, pace } = layer;
  if (pixels === 0) return { share: 0, secondsLeft: null };
  const done = Math.min(pixels, donePixels(layer, since));
  return { share: done / pixels, secondsLeft: pace === null ? null : ((pixels - done) * pace) / 1000 };
}

/**
 * All layers together, `elapsed` milliseconds after the last word of them: tiles that are made at once share the time,
 * and layers come one after another.
 */
export function viewProgress(layers: readonly LayerReach[], elapsed: number): ViewProgress {
  const atOnce = layers.reduce((sum, { inWork }) => sum + inWork.length, 0);
  let [pixels, done] = [0, 0];
  let secondsLeft: number | null = 0;
  for (const layer of layers) {
    const own = layerProgress(layer, elapsed / Math.max(1, atOnce));
    pixels += layer.pixels;
    done += own.share * layer.pixels;
    if (own.share === 1 || layer.pixels === 0) continue;
    secondsLeft = secondsLeft === null || own.secondsLeft === null ? null : secondsLeft + own.secondsLeft;
  }
  return { share: pixels === 0 ? 0 : done / pixels, secondsLeft };
}
