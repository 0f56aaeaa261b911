import type { MetricFile } from '../../shared/contract';
import type { NaturalModel } from '../kernels/metrics/niqe';
import type { ModelRef } from '../onnx/modelRef';
import type { Graph } from '../runtime/runtime';
import { loadLpips, type Lpips } from './lpips';
import { findMetricFile, installMetricFile, type MetricPlaces } from './metricFiles';
import { loadNatural } from './natural';

/** The metrics that need a file of the user's: each undefined where that is not installed. */
export interface Gauges {
  /** Whoever opens it releases it. */
  openLpips(): Promise<Lpips | undefined>;
  openNatural(): Promise<NaturalModel | undefined>;
  /** Which are not installed. */
  missing(): Promise<MetricFile[]>;
  /** Takes a file over once it was read through; where it lies now. Throws `bad-model` for another one. */
  install(metric: MetricFile, path: string): Promise<string>;
}

/** Those of this machine; networks run on graphs that `openGraph` opens. */
export function gaugesOf(places: MetricPlaces, openGraph: (model: ModelRef) => Promise<Graph>): Gauges {
  const find = (metric: MetricFile): Promise<string | undefined> => findMetricFile(metric, places);
  return {
    openLpips: async () => {
      const path = await find('lpips');
      return path === undefined ? undefined : loadLpips(path, openGraph);
    },
    openNatural: async () => {
      const path = await find('niqe');
      return path === undefined ? undefined : loadNatural(path);
    },
    missing: async () => {
      const all = ['lpips', 'niqe'] as const;
      const found = await Promise.all(all.map((metric) => find(metric).catch(() => undefined)));
      return all.filter((_, k) => found[k] === undefined);
    },
    install: async (metric, path) => {
      if (metric === 'lpips') await (await loadLpips(path, openGraph)).release();
      else await loadNatural(path);
      return installMetricFile(metric, path, places.home);
    },
  };
}

/** As where nothing is installed and nothing can be: for engines under test. */
export const NO_GAUGES: Gauges = {
  openLpips: () => Promise.resolve(undefined),
  openNatural: () => Promise.resolve(undefined),
  missing: () => Promise.resolve(['lpips', 'niqe']),
  install: () => Promise.reject(new Error('nothing can be installed here')),
};
