import { outputSize, wholeOf, type Rect } from '../../shared/geometry';
import { photoOf } from '../photos/memoryPhoto';
import type { Method } from './method';
import type { RunSettings } from '../runtime/runSettings';
import type { RealDevice } from '../runtime/runtime';
import { raster } from '../kernels/raster';
import type { State, Store } from '../state/store';

/** Sides of the photo that is measured on, the smaller the slower a method is: [multiplications up to, side]. */
const SIDES = [
  [500_000, 256],
  [2_000_000, 128],
  [Infinity, 64],
] as const;
/** What takes longer than a second or so on any processor is measured only when it is asked for. */
const TOO_SLOW_MACS_PER_PIXEL = 4_000_000;
const USUAL_SCALE = 2;
/** Rounds of a measurement, and the time after which no further one begins. */
const ROUNDS = 5;
const ROUNDS_MS = 400;
/** How much a new measurement weighs against what was known. */
const NEWS = 0.3;

/** The scale at which a method's pace is stated: x2, or the smallest it has. */
export function paceScale({ card }: Method): number {
  return Array.isArray(card.scales) ? Math.min(...card.scales) : USUAL_SCALE;
}

/**
 * Seconds of the quickest of a few rounds: the first ones pay for compiling, and whatever else runs on the
 * machine only ever adds. What is slow has one round.
 */
async function quickest(work: () => Promise<unknown>): Promise<number> {
  let best = Infinity;
  const from = performance.now();
  for (let round = 0; round < ROUNDS && (round === 0 || performance.now() - from < ROUNDS_MS); round++) {
    const start = performance.now();
    await work();
    best = Math.min(best, performance.now() - start);
  }
  return best / 1e3;
}

/** A picture with something in it, of `side` pixels. */
function paceRaster(side: number): ReturnType<typeof raster> {
  const picture = raster(side, side, 3);
  for (let i = 0; i < picture.data.length; i++) picture.data[i] = 0.5 + 0.4 * Math.sin(i * 0.37 + (i >> 7));
  return picture;
}

/** How fast methods are on this machine, and which device they use: measured, refined by use, remembered. */
export class Paces {
  private readonly devices = new Map<string, RealDevice>();

  constructor(private readonly store: Store) {}

  secondsPerMegapixel(method: Method): number | null {
    return this.store.state.speeds[method.id] ?? null;
  }

  device(method: Method): RealDevice | null {
    return this.devices.get(method.id) ?? null;
  }

  noteDevice(method: Method, device: RealDevice): void {
    this.devices.set(method.id, device);
  }

  /** The method has other files now, or none: what was measured was of the old ones. */
  forget(id: string): void {
    this.devices.delete(id);
    // Where it cannot be written the figure is a guess until the next measurement.
    const others = (speeds: State['speeds']): State['speeds'] =>
      Object.fromEntries(Object.entries(speeds).filter(([key]) => key !== id));
    void this.store.update((state) => (state.speeds = others(state.speeds))).catch(() => undefined);
  }

  /** What a job took counts where it was made at the method's own scale, and is no trifle. */
  async refine(method: Method, scale: number, seconds: number, megapixels: number): Promise<void> {
    if (scale !== paceScale(method) || megapixels < 1) return;
    const known = this.secondsPerMegapixel(method);
    const found = seconds / megapixels;
    await this.remember(method, known === null ? found : known + NEWS * (found - known));
  }

  /** Those never measured that can be without keeping anybody waiting, the fastest first. */
  unknown(methods: readonly Method[]): Method[] {
    const macs = (method: Method): number => method.macsPerPixel(paceScale(method));
    return methods
      .filter((method) => this.secondsPerMegapixel(method) === null && macs(method) < TOO_SLOW_MACS_PER_PIXEL)
      .sort((a, b) => macs(a) - macs(b));
  }

  /** Measures a method on a picture made for it, after one tile to warm up. */
  async measure(method: Method, signal: AbortSignal): Promise<number> {
    const scale = paceScale(method);
    const macs = method.macsPerPixel(scale);
    const [, side] = SIDES.find(([most]) => macs <= most)!;
    const picture = paceRaster(side);
    const runSettings: RunSettings = {
      ensemble: false,
      device: 'auto',
      patient: true,
      onDevice: (device) => this.noteDevice(method, device),
    };
    // Another photo every time: what a method keeps of one would make it look faster than it is.
    const enlarge = (output: Rect<'output'>): Promise<unknown> =>
      method.enlarge(
        { photo: photoOf(picture, 'pace'), scale, output, runSettings, signal },
        { to: 'bytes' },
      );
    const size = outputSize(picture, scale);
    await enlarge(wholeOf<'output'>({ width: size.width / 4, height: size.height / 4 }));
    const seconds = await quickest(() => enlarge(wholeOf<'output'>(size)));
    const found = seconds / ((size.width * size.height) / 1e6);
    await this.remember(method, found);
    return found;
  }

  /** Where it cannot be written it is measured again next time; the store has said so elsewhere. */
  private async remember(method: Method, found: number): Promise<void> {
    await this.store.update((state) => (state.speeds[method.id] = found)).catch(() => undefined);
  }
}
