import type {
  PhotoCondition,
  Recommendation,
  RecommendOrder,
  RecoveredMethod,
} from '../../../shared/contract';
import { FaultError, faultOf } from '../../../shared/faults';
import { wholeOf, type Rect, type Size } from '../../../shared/geometry';
import { protocolBorder } from '../../../shared/protocols';
import type { ColourTable } from '../../kernels/color/lut';
import { benchmarkPair } from '../../kernels/metrics/benchmarkPair';
import { meanOf } from '../../kernels/metrics/statistics';
import type { Raster } from '../../kernels/raster';
import { resample } from '../../kernels/resample/resample';
import type { Catalogue } from '../../methods/catalogue';
import type { Method } from '../../methods/method';
import type { Gauges } from '../../metrics/gauges';
import type { Lpips } from '../../metrics/lpips';
import { conditionOfPhoto } from '../../photos/condition';
import type { Photo } from '../../photos/photo';
import { figuresOf } from '../evaluate/figures';
import type { LastingJob } from '../job';
import type { JobKind } from '../kind';
import { recover } from '../recover';
import { leaseOf, type LeasedPhotos } from '../upscale/source';
import { hiddenParts } from './parts';
import type { RecentCrops, TestCrops } from './recoveredCrops';

export interface RecommendParts<P extends Photo = Photo> {
  readonly catalogue: Pick<Catalogue, 'get' | 'all'>;
  readonly photos: LeasedPhotos<P>;
  /** The table from a photo's colours to a screen's; null: they are that. */
  readonly tableFor: (photo: P) => Promise<ColourTable | null>;
  readonly crops: RecentCrops;
  readonly gauges: Pick<Gauges, 'openLpips'>;
  /** Does work during which nothing that nobody asked for is begun. */
  readonly besides: <T>(work: () => Promise<T>) => Promise<T>;
  /** The input made as bad as the photo is. */
  readonly degrade: (input: Raster, condition: PhotoCondition, scale: number) => Promise<Raster>;
}

const PROTOCOL = 'y';
/** As good: what another choice of parts would change. */
const AS_GOOD_DB = 0.05;

/** Methods that have a scale themselves, without the bicubic after them. */
function having(methods: readonly Method[], scale: number): Method[] {
  return methods.filter(({ card: { scales } }) =>
    'min' in scales ? scale >= scales.min && scale <= scales.max : scales.includes(scale),
  );
}

/** What a method was given, a square of pixels for each of its own. */
function enlargedAgain(input: Raster, to: Size): Raster {
  const scale = { x: to.width / input.width, y: to.height / input.height };
  return resample(input, wholeOf(input), input, scale, wholeOf(to), 'nearest');
}

interface Measured {
  readonly psnrY: number;
  readonly ssimY: number;
  readonly lpips: number | null;
  readonly consistency: number;
  readonly seconds: number;
}

function summed(method: string, all: readonly Measured[]): RecoveredMethod {
  const distances = all.flatMap(({ lpips }) => lpips ?? []);
  return {
    method,
    psnrY: meanOf(all.map(({ psnrY }) => psnrY)),
    ssimY: meanOf(all.map(({ ssimY }) => ssimY)),
    lpips: distances.length === all.length ? meanOf(distances) : null,
    consistency: meanOf(all.map(({ consistency }) => consistency)),
    seconds: all.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}

/** The best by PSNR-Y, or the quickest of those that are as good and take less than half of its time. */
export function recommendedOf(ranked: readonly RecoveredMethod[]): string {
  const [best] = ranked;
  const quicker = ranked
    .filter(({ psnrY, seconds }) => psnrY >= best!.psnrY - AS_GOOD_DB && seconds < best!.seconds / 2)
    .sort((a, b) => a.seconds - b.seconds);
  return (quicker[0] ?? best!).method;
}

class HideAndRecover {
  private readonly found = new Map<string, Measured[]>();
  private readonly failures = new Map<string, string>();

  constructor(
    private readonly order: RecommendOrder,
    private readonly methods: readonly Method[],
    private readonly job: LastingJob,
    private readonly parts: Pick<RecommendParts, 'gauges' | 'degrade'>,
    private readonly crops: TestCrops,
  ) {}

  async of(photo: Photo): Promise<Recommendation> {
    const { order, job, parts } = this;
    const { scale, degradation } = order;
    const condition = await conditionOfPhoto(photo, job.signal);
    const places = await hiddenParts(photo, scale, job.signal);
    const lpips = await parts.gauges.openLpips();
    const done: Rect<'source'>[] = [];
    try {
      const start = performance.now();
      for (const place of places) {
        const spent = (performance.now() - start) / 1e3;
        // The next part takes about as long as each before it.
        if (done.length > 0 && spent + spent / done.length > order.seconds) break;
        await this.hide(photo, place, done.length, places.length, condition, lpips);
        done.push(place);
      }
    } finally {
      await lpips?.release();
    }
    const results = [...this.found].filter(([, all]) => all.length === done.length);
    const ranked = results.map(([id, all]) => summed(id, all)).sort((a, b) => b.psnrY - a.psnrY);
    if (ranked.length === 0) throw this.nothing(photo, places.length);
    job.progress('measure', 1, 1);
    return {
      photo: photo.info.name,
      token: order.photo,
      scale,
      protocol: PROTOCOL,
      degradation,
      parts: done.map(({ x, y, width, height }) => ({ x, y, width, height })),
      condition,
      recommended: recommendedOf(ranked),
      results: ranked,
      failures: [...this.failures].map(([method, error]) => ({ method, error })),
    };
  }

  /** Hides one part: every method recovers it. */
  private async hide(
    photo: Photo,
    place: Rect<'source'>,
    at: number,
    of: number,
    condition: PhotoCondition,
    lpips: Lpips | undefined,
  ): Promise<void> {
    const { order, methods, job } = this;
    const { scale, device } = order;
    const pair = benchmarkPair(await photo.read(place, { signal: job.signal }), scale);
    if (!pair || Math.min(pair.original.width, pair.original.height) <= 2 * protocolBorder(PROTOCOL, scale))
      return;
    const input =
      order.degradation === 'photo' ? await this.parts.degrade(pair.input, condition, scale) : pair.input;
    this.crops.hide(pair.original, enlargedAgain(input, pair.original));
    for (const [k, method] of methods.entries()) {
      job.progress('measure', at * methods.length + k, of * methods.length, method.card.name);
      if (this.failures.has(method.id)) continue;
      try {
        const settings = { ensemble: false, consistent: false, cascade: false, device, patient: true };
        const { result, seconds } = await recover(method, input, scale, settings, job);
        const figures = await figuresOf(
          { ...pair, input, result },
          { protocol: PROTOCOL, scale },
          job,
          lpips,
        );
        const all = this.found.get(method.id) ?? [];
        const { psnrY, ssimY, lpips: distance, consistency = 0 } = figures;
        this.crops.add(method.id, result);
        all.push({ psnrY, ssimY, lpips: distance, consistency, seconds });
        this.found.set(method.id, all);
      } catch (error) {
        if (job.signal.aborted) throw error;
        this.failures.set(method.id, faultOf(error).message);
      }
    }
  }

  private nothing({ info }: Photo, places: number): FaultError {
    const [failure] = this.failures.values();
    if (places > 0 && failure !== undefined) return new FaultError('device-failed', failure);
    const least = 2 * protocolBorder(PROTOCOL, this.order.scale) + 1;
    return new FaultError(
      'bad-scale',
      `Expected a photo with at least ${least} x ${least} pixels to hide at x${this.order.scale}; ${info.name} has ${info.width} x ${info.height}. Take a smaller scale or a larger photo.`,
      { file: info.name },
    );
  }
}

/**
 * Hide and recover: the most detailed parts of a photo are reduced, every method recovers them, and what the photo
 * knows says which is right for it. Ends with its engine.
 */
export const recommendKind = <P extends Photo>(parts: RecommendParts<P>): JobKind<'recommend'> => ({
  begin: (order, client) => {
    const { catalogue, photos } = parts;
    const methods =
      order.methods?.map(({ id, sum }) => catalogue.get(id, sum)) ?? having(catalogue.all, order.scale);
    const { photo, end } = leaseOf(photos, client, order.photo);
    return Promise.resolve({
      title: photo.info.name,
      release: end,
      run: (job) =>
        parts
          .besides(async () => {
            const crops = parts.crops.begin(job.id, await parts.tableFor(photo));
            return new HideAndRecover(order, methods, job, parts, crops).of(photo);
          })
          .finally(end),
    });
  },
});
