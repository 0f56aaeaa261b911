import { MINUTES_MAX, type JobOrderInput } from '../shared/contract';
import { WrongCall } from './exitStatus';
import { readLoss, readReal, readWhole } from './optionValues';

/** The options of `finetune` as typed. */
export interface FinetuneOptions {
  readonly method?: string;
  readonly name?: string;
  readonly scale?: string;
  readonly minutes?: string;
  readonly steps?: string;
  readonly loss?: string;
  readonly lastLayers?: string;
  readonly lowRank?: string;
  readonly rate?: string;
  readonly blur?: string;
  readonly noise?: string;
  readonly jpeg?: string;
  readonly keep?: boolean;
  readonly resume?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

type FinetuneOrder = JobOrderInput<'finetune'>;

const LARGEST_STEPS = 1e7;

function readLearns({ lastLayers, lowRank }: FinetuneOptions): Pick<FinetuneOrder, 'learns'> {
  if (lastLayers !== undefined && lowRank !== undefined) {
    throw new WrongCall('Expected one of --last-layers and --low-rank, received both.');
  }
  if (lastLayers !== undefined)
    return { learns: { lastLayers: readWhole('--last-layers', lastLayers, 1, 1000) } };
  if (lowRank !== undefined) return { learns: { rank: readWhole('--low-rank', lowRank, 1, 64) } };
  return {};
}

function readDegradation({ blur, noise, jpeg }: FinetuneOptions): FinetuneOrder['degradation'] {
  return {
    ...(blur === undefined ? {} : { blur: readReal('--blur', blur, 0, 10) }),
    ...(noise === undefined
      ? {}
      : { noise: noise === 'photo' ? 'photo' : readReal('--noise', noise, 0, 50) }),
    ...(jpeg === undefined ? {} : { jpeg: jpeg === 'photo' ? 'photo' : readWhole('--jpeg', jpeg, 1, 100) }),
  };
}

/** Reads a call that begins a training; every mistake that no photo is needed for is a `WrongCall`. */
export function readFinetuneCall(photos: readonly string[], options: FinetuneOptions): FinetuneOrder {
  const { method, name, scale, minutes, steps, loss, rate } = options;
  if (photos.length === 0)
    throw new WrongCall('Expected photos to learn from; see enlarger finetune --help.');
  if (method === undefined) throw new WrongCall('Expected --method with the method that is to learn.');
  if (name === undefined || name.trim() === '') {
    throw new WrongCall('Expected --name with what the personal model is to be called.');
  }
  if (minutes !== undefined && steps !== undefined) {
    throw new WrongCall('Expected one of --minutes and --steps, received both.');
  }
  return {
    photos: photos.map((path) => ({ path })),
    method: { id: method },
    name,
    ...(scale === undefined ? {} : { scale: readWhole('--scale', scale, 2, 8) }),
    ...(minutes === undefined ? {} : { minutes: readReal('--minutes', minutes, 0.01, MINUTES_MAX) }),
    ...(steps === undefined ? {} : { steps: readWhole('--steps', steps, 1, LARGEST_STEPS) }),
    ...(loss === undefined ? {} : { loss: readLoss(loss) }),
    ...(rate === undefined ? {} : { rate: readReal('--rate', rate, 1e-8, 1) }),
    ...readLearns(options),
    degradation: readDegradation(options),
    keep: options.keep ?? false,
  };
}
