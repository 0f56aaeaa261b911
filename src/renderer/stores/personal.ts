import { defineStore } from 'pinia';
import { computed, onScopeDispose, ref, shallowRef } from 'vue';
import {
  jobKinds,
  readBy,
  type FinetuneDone,
  type JobLine,
  type JobProgress,
  type TrainingPreview,
  type ParamsInput,
  type Validation,
} from '../../shared/contract';
import { faultOf } from '../../shared/faults';
import { underWay, type UnderWay } from '../editor/jobState';
import { useEngine } from '../engine/connect';
import { fetchDownload } from '../engine/fetchDownload';
import { useNotices } from './notices';

/** A training under way, as far as this page knows it. */
export interface Training {
  readonly job: string;
  readonly name: string;
  readonly state: UnderWay | 'ending';
  readonly progress: JobProgress | null;
}

/** The running mean of the loss at a step. */
export interface LossPoint {
  readonly step: number;
  readonly loss: number;
}

/** More points than a curve has pixels tell nothing more. */
const POINTS_MAX = 400;

/** Every second point goes once there are too many: the curve keeps its shape. */
const thinned = (points: readonly LossPoint[]): readonly LossPoint[] =>
  points.length <= POINTS_MAX ? points : points.filter((_, k) => k % 2 === 0);

/** Personal models in the making: one training at a time, its curves and its preview, what came of the last one. */
export const usePersonal = defineStore('personal', () => {
  const engine = useEngine();
  const notices = useNotices();
  const training = ref<Training | null>(null);
  const losses = shallowRef<readonly LossPoint[]>([]);
  const validations = shallowRef<readonly Validation[]>([]);
  const preview = shallowRef<TrainingPreview | null>(null);
  const square = ref(0);
  const done = shallowRef<FinetuneDone | null>(null);
  /** The training that `done` is of. */
  let doneJob: string | undefined;
  const broken = shallowRef<readonly JobLine[]>([]);
  /** What was exported last, by the name of its folder or file. */
  const exported = ref<string | null>(null);
  /** Jobs whose end was heard. */
  const ended = new Set<string>();
  const tell = (thrown: unknown): void => {
    const fault = faultOf(thrown);
    if (fault.code !== 'stopped') notices.add({ place: 'engine', fault });
  };

  function clear(): void {
    losses.value = [];
    validations.value = [];
    preview.value = null;
    square.value = 0;
  }

  function follow({ job, title, progress, state: told }: JobLine): void {
    const state = underWay(told);
    if (!state || ended.has(job)) return;
    if (training.value?.job !== job) {
      clear();
      void readCurve(job);
    }
    const isEnding = training.value?.job === job && training.value.state === 'ending';
    training.value = { job, name: title, progress, state: isEnding ? 'ending' : state };
  }

  /** What was measured before this page looked. */
  async function readCurve(job: string): Promise<void> {
    const found = await engine.call('finetune:curve', { job }).catch(() => null);
    if (!found || training.value?.job !== job) return;
    if (found.validations.length > validations.value.length) validations.value = found.validations;
    if (found.validations.length > 0) await readPreview();
  }

  async function readPreview(): Promise<void> {
    const shown = (): string | undefined => training.value?.job ?? (done.value ? doneJob : undefined);
    const job = shown();
    if (job === undefined) return;
    const found = await engine.call('finetune:preview', { job, square: square.value }).catch(() => null);
    if (found && shown() === job) preview.value = found;
  }

  async function start(request: ParamsInput<'finetune:start'>): Promise<void> {
    done.value = null;
    try {
      follow(await engine.call('finetune:start', request));
    } catch (thrown) {
      tell(thrown);
    }
  }

  function end(line: JobLine): void {
    if (line.kind !== 'finetune' || ended.has(line.job)) return;
    ended.add(line.job);
    if (training.value?.job === line.job) training.value = null;
    if (!line.mine) return;
    if (line.state === 'failed' && line.fault) notices.add({ place: 'engine', fault: line.fault });
    if (line.state !== 'done') return;
    done.value = readBy(jobKinds.finetune.result, line.result, 'result of a training');
    doneJob = line.job;
    if (training.value) return; // another one is being looked at
    clear();
    void readPreview();
  }

  async function reread(): Promise<void> {
    const all = await engine.call('jobs:list', {}).catch(() => null);
    const lines = all?.filter(({ kind }) => kind === 'finetune');
    if (!lines) return;
    broken.value = lines.filter(({ state }) => state === 'broken');
    for (const line of lines.filter(({ mine }) => mine)) {
      if (underWay(line.state)) follow(line);
      else if (line.state !== 'broken') end(line);
    }
  }

  const withTraining = (work: (job: string) => Promise<unknown>): void => {
    const job = training.value?.job;
    if (job !== undefined) work(job).catch(tell);
  };
  const asEnding = (): void => {
    if (training.value) training.value = { ...training.value, state: 'ending' };
  };

  const stopListening = [
    engine.on('job:progress', (progress) => {
      if (training.value?.job === progress.job) training.value = { ...training.value, progress };
    }),
    engine.on('finetune:step', ({ job, step, loss }) => {
      if (training.value?.job === job) losses.value = thinned([...losses.value, { step, loss }]);
    }),
    engine.on('finetune:validated', ({ job, validation }) => {
      if (training.value?.job !== job) return;
      validations.value = [...validations.value.filter(({ step }) => step < validation.step), validation];
      void readPreview();
    }),
    engine.on('job:ended', ({ line }) => end(line)),
    engine.on('jobs:changed', () => void reread()),
    engine.onState((state) => {
      if (state === 'open') void reread();
      else if (state === 'lost') training.value = null;
    }),
  ];
  onScopeDispose(() => stopListening.forEach((stop) => stop()));
  void reread();

  return {
    training,
    losses,
    validations,
    preview,
    square,
    done,
    broken,
    exported,
    isPaused: computed(() => training.value?.state === 'paused'),
    start,
    /** Ends after the step at hand and keeps what is better. */
    finish(): void {
      withTraining((job) => engine.call('finetune:finish', { job }));
      asEnding();
    },
    /** Ends and forgets what was learned. */
    drop(): void {
      withTraining((job) => engine.call('job:stop', { job }));
      asEnding();
    },
    pause: () => withTraining((job) => engine.call('job:pause', { job })),
    goOn: () => withTraining(async (job) => follow(await engine.ask('door:resume', { job }))),
    async resume(job: string, anew = false): Promise<void> {
      try {
        ended.delete(job);
        follow(await engine.ask('door:resume', { job, anew }));
      } catch (thrown) {
        tell(thrown);
      }
      await reread();
    },
    async forget(job: string): Promise<void> {
      await engine.call('job:drop', { job }).catch(tell);
      await reread();
    },
    dismiss: (): void => void (done.value = null),
    async turn(by: number): Promise<void> {
      const count = preview.value?.squares ?? 1;
      square.value = (square.value + by + count) % count;
      await readPreview();
    },
    /** Where the user says: a folder of the desktop's, or a file that the browser saves. */
    async exportModel(id: string): Promise<void> {
      try {
        const { name, download } = await engine.ask('model:export', { id });
        if (download !== null) fetchDownload(download, name);
        exported.value = name;
      } catch (thrown) {
        tell(thrown);
      }
    },
    rename: (id: string, name: string) => engine.call('method:rename', { id, name }).catch(tell),
    remove: (id: string) => engine.call('method:remove', { id }).catch(tell),
  };
});
