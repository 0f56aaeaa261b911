import { outputSize, wholeOf, type Rect } from '../../shared/geometry';
import { photoOf } from '../photos/memoryPhoto';
import type { Method } from './method';
import type { RunSettings } from '../runtime/runSettings';
import type { RealDevice } from '../runtime/runtime';
import { raster } from '../kernels/raster';
import { pacedScale, usualScale } from '../../shared/pace';
import type { State, Store } from '../state/store';
import { areCrowded, paceOf, withSample } from '../state/paceSamples';

/** Sides of the photo that is measured on, the smaller the slower a method is: [multiplications up to, side]. */
const SIDES = [
  [500_000, 256],
  [2_000_000, 128],
  [Infinity, 64],
] as const;
/** What takes longer than a second or so on any processor is measured only when it is asked for. */
const TOO_SLOW_MACS_PER_PIXEL = 4_000_000;
/** Rounds of a measurement, and the time after which no further one begins. */
const ROUNDS = 5;
const ROUNDS_MS = 400;
/** A job's pace counts where it is no trifle: megapixels of output. */
const WORTH_MEGAPIXELS = 0.5;

/** What some work took: seconds, and processor seconds a second. */
export interface Taken {
  readonly seconds: number;
  readonly cores: number;
}

/** Begins to measure; the function that it gives says what was taken since. */
export function stopwatch(): () => Taken {
  const from = performance.now();
  const usage = process.cpuUsage();
  return () => {
    const seconds = Math.max(1e-6, (performance.now() - from) / 1e3);
    const { user, system } = process.cpuUsage(usage);
    return { seconds, cores: (user + system) / 1e6 / seconds };
  };
}

/**
 * What the quickest of a few rounds took: the first ones pay for compiling, and whatever else runs on the
 * machine only ever adds. What is slow has one round.
 */
async function quickest(work: () => Promise<unknown>): Promise<Taken> {
  const all: Taken[] = [];
  const from = performance.now();
  for (let round = 0; round < ROUNDS && (round === 0 || performance.now() - from < ROUNDS_MS); round++) {
    const stop = stopwatch();
    await work();
    all.push(stop());
  }
  return all.reduce((best, one) => (one.seconds < best.seconds ? one : best));
}

/** A picture with something in it, of `side` pixels. */
function paceRaster(side: number): ReturnType<typeof raster> {
  const picture = raster(side, side, 3);
  for (let i = 0; i < picture.data.length; i++) picture.data[i] = 0.5 + 0.4 * Math.sin(i * 0.37 + (i >> 7));
  return picture;
}

/** A method at a scale at which it was never timed. */
export interface Unmeasured {
  readonly method: Method;
  readonly scale: number;
}

/** How fast methods are on this machine, and which device they use: measured, refined by use, remembered. */
export class Paces {
  private readonly devices = new Map<string, RealDevice>();

  constructor(private readonly store: Store) {}

  /**
   * Seconds a megapixel of output, by the scales at which they are known. What was measured only while other programs
   * had the processor is not: nothing rather than nonsense.
   */
  of(method: Method): Record<string, number> {
    const isOnProcessor = method.networks.length === 0 || this.device(method) === 'cpu';
    const known: Record<string, number> = {};
    for (const [key, samples] of Object.entries(this.store.state.paces)) {
      const pace = isOf(key, method.id) && !(isOnProcessor && areCrowded(samples)) ? paceOf(samples) : null;
      if (pace !== null) known[key.slice(method.id.length + 1)] = pace;
    }
    return known;
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
    const others = (paces: State['paces']): State['paces'] =>
      Object.fromEntries(Object.entries(paces).filter(([key]) => !isOf(key, id)));
    void this.store.update((state) => (state.paces = others(state.paces))).catch(() => undefined);
  }

  /** What a job took counts where it was made at a scale of the method's own, and is no trifle. */
  async refine(method: Method, scale: number, taken: Taken, megapixels: number): Promise<void> {
    const { scales } = method.card;
    if (megapixels < WORTH_MEGAPIXELS || (Array.isArray(scales) && !scales.includes(scale))) return;
    await this.remember(method, scale, taken, megapixels);
  }

  /**
   * What was never measured, or only while the machine was busy, and can be without keeping anybody waiting, the
   * fastest first.
   */
  unknown(methods: readonly Method[]): Unmeasured[] {
    const macs = ({ method, scale }: Unmeasured): number => method.macsPerPixel(scale) * scale * scale;
    return methods
      .flatMap((method) => {
        const { scales } = method.card;
        const known = this.of(method);
        return (Array.isArray(scales) ? scales : [usualScale(method.card)])
          .filter((scale) => known[scale] === undefined)
          .filter((scale) => method.macsPerPixel(scale) < TOO_SLOW_MACS_PER_PIXEL)
          .map((scale) => ({ method, scale }));
      })
      .sort((a, b) => macs(a) - macs(b));
  }

  /** Measures a method on a picture made for it, after one tile to warm up; seconds a megapixel. */
  async measure(method: Method, signal: AbortSignal, scale = usualScale(method.card)): Promise<number> {
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
    const taken = await quickest(() => enlarge(wholeOf<'output'>(size)));
    const megapixels = (size.width * size.height) / 1e6;
    await this.remember(method, scale, taken, megapixels);
    return taken.seconds / megapixels;
  }

  /** Where it cannot be written it is measured again next time; the store has said so elsewhere. */
  private async remember(method: Method, scale: number, taken: Taken, megapixels: number): Promise<void> {
    const key = `${method.id}|${pacedScale(method.card, scale)}`;
    const sample = { seconds: taken.seconds / megapixels, cores: taken.cores };
    await this.store
      .update((state) => (state.paces[key] = withSample(state.paces[key] ?? [], sample)))
      .catch(() => undefined);
  }
}

const isOf = (key: string, id: string): boolean => key.slice(0, key.lastIndexOf('|')) === id;
