import { defineStore } from 'pinia';
import { onScopeDispose, ref, shallowRef } from 'vue';
import { jobKinds, readBy, type Evaluation, type EvaluationCrop, type JobLine } from '../../shared/contract';
import { PLAIN_OPTIONS } from '../../shared/enlargement';
import { faultOf, type Fault } from '../../shared/faults';
import type { Protocol } from '../../shared/protocols';
import { underWay } from '../editor/jobState';
import { useEngine } from '../engine/connect';
import { useDocument } from './document';
import { ownJob } from './ownJob';

/** Originals that the user gave to the page itself: a folder that was chosen in a browser, or what was dropped. */
export interface GivenOriginals {
  readonly name: string;
  readonly files: readonly File[];
}

/** What is measured, and on what: a folder that the door asks for or that was given, or the photos that are open. */
export interface BenchOrder {
  readonly source: 'folder' | 'photos';
  readonly methods: readonly string[];
  readonly scales: readonly number[];
  readonly protocol: Protocol;
}

/** A cell that was opened: a method at a scale. */
export interface BenchCell {
  readonly method: string;
  readonly scale: number;
}

/** Tables have their names: no longer than one line. */
const NAME_MAX = 100;
/** How the pictures that are open are called in a table, which is English as the terminal's. */
export const OPEN_PHOTOS = 'Open photos';

/** The benchmark: one evaluation at a time, whose table fills while it runs. */
export const useBench = defineStore('bench', () => {
  const engine = useEngine();
  const doc = useDocument();
  const isOpen = ref(false);
  const wasOpened = ref(false);
  const evaluating = ownJob(engine, (line) => {
    if (line.state === 'failed' && line.fault) fault.value = line.fault;
    if (line.state === 'broken') fault.value = lost;
    if (line.state === 'done') {
      evaluation.value = readBy(jobKinds.evaluate.result, line.result, 'result of an evaluation');
    }
  });
  const { running, stop, end } = evaluating;
  /** Of the evaluation under way, or of the last one. */
  const evaluation = shallowRef<Evaluation | null>(null);
  const job = ref<string | null>(null);
  const given = shallowRef<GivenOriginals | null>(null);
  /** How many of the given originals are on their way to the engine, and those that it could not open. */
  const bringing = shallowRef<{ readonly done: number; readonly total: number } | null>(null);
  const unopened = shallowRef<readonly Fault[]>([]);
  /** Photos that are open for the evaluation alone: its crops are looked at until the next one begins. */
  let lent: string[] = [];
  const fault = shallowRef<Fault | null>(null);
  const cell = shallowRef<BenchCell | null>(null);
  const crops = shallowRef<Partial<Record<'worst' | 'best', EvaluationCrop>>>({});
  const cropsFault = shallowRef<Fault | null>(null);

  function follow(line: JobLine): void {
    job.value = line.job;
    evaluating.follow(line, {});
  }

  const giveBack = (): void => {
    for (const photo of lent) engine.call('photo:close', { photo }).catch(() => undefined);
    lent = [];
  };

  /** Opens the given originals one by one; one that cannot be opened is told, and the others are measured. */
  async function bring(files: readonly File[]): Promise<string[]> {
    giveBack();
    unopened.value = [];
    try {
      for (const [done, file] of files.entries()) {
        bringing.value = { done, total: files.length };
        try {
          lent.push((await engine.openFile(file)).photo);
        } catch (thrown) {
          unopened.value = [...unopened.value, faultOf(thrown)];
        }
      }
      return lent;
    } finally {
      bringing.value = null;
    }
  }

  async function begin({ source, methods, scales, protocol }: BenchOrder): Promise<JobLine | null> {
    const asked = {
      scales: [...scales],
      methods: methods.map((id) => ({ id })),
      protocol,
      options: PLAIN_OPTIONS,
    };
    if (source === 'photos') {
      const photos = doc.photos.map(({ photo }) => photo);
      return engine.call('job:evaluate', { ...asked, photos, dataset: OPEN_PHOTOS });
    }
    if (!given.value) return engine.ask('door:evaluate', asked);
    const { name, files } = given.value;
    const photos = [...(await bring(files))];
    if (photos.length === 0) return null; // each is told already
    return engine.call('job:evaluate', { ...asked, photos, dataset: name.slice(0, NAME_MAX) });
  }

  async function start(order: BenchOrder): Promise<void> {
    if (running.value || bringing.value) return;
    fault.value = null;
    try {
      const line = await begin(order);
      if (!line) return;
      evaluation.value = null;
      close();
      follow(line);
    } catch (thrown) {
      const found = faultOf(thrown);
      // A dialog that was closed is no failure.
      if (found.code !== 'stopped') fault.value = found;
    }
  }

  /** Why the engine ended, where it did. */
  let lost: Fault | null = null;
  let isReading = false;
  /** The table as far as it is filled; one question at a time. */
  async function read(): Promise<void> {
    const own = running.value?.job;
    if (own === undefined || isReading) return;
    isReading = true;
    const reached = await engine.call('evaluate:reached', { job: own }).catch(() => null);
    isReading = false;
    if (reached && running.value?.job === own) evaluation.value = reached;
  }

  async function reread(): Promise<void> {
    const lines = await engine.call('jobs:list', {}).catch(() => null);
    const own = lines?.filter(({ kind, mine }) => kind === 'evaluate' && mine) ?? [];
    for (const line of own) {
      if (underWay(line.state) && !running.value) {
        follow(line);
        void read();
      } else if (!underWay(line.state)) end(line);
    }
    // A page that was reloaded shows what the one before it had measured.
    const last = own.findLast(({ state }) => state === 'done');
    if (last && !running.value && job.value === null) {
      job.value = last.job;
      evaluation.value = readBy(jobKinds.evaluate.result, last.result, 'result of an evaluation');
    }
  }

  const close = (): void => {
    cell.value = null;
    crops.value = {};
    cropsFault.value = null;
  };

  /** Opens a cell: the worst crop first, then the best. */
  async function openCell(wanted: BenchCell): Promise<void> {
    const own = job.value;
    if (own === null) return;
    close();
    cell.value = wanted;
    for (const which of ['worst', 'best'] as const) {
      try {
        const found = await engine.call('evaluate:crop', { job: own, ...wanted, which });
        if (cell.value !== wanted) return;
        crops.value = { ...crops.value, [which]: found };
      } catch (thrown) {
        if (cell.value === wanted) cropsFault.value = faultOf(thrown);
        return;
      }
    }
  }

  const stops = [
    engine.on('job:progress', ({ job: of }) => {
      if (running.value?.job === of) void read();
    }),
    engine.on('engine:lost', (event) => (lost = event.fault)),
    engine.on('jobs:changed', () => void reread()),
    engine.onState((state) => {
      if (state === 'open') void reread();
    }),
  ];
  onScopeDispose(() => {
    stops.forEach((one) => one());
    giveBack();
  });
  void reread();

  return {
    isOpen,
    wasOpened,
    running,
    evaluation,
    fault,
    given,
    bringing,
    unopened,
    cell,
    crops,
    cropsFault,
    open(): void {
      isOpen.value = true;
      wasOpened.value = true;
    },
    start,
    stop,
    openCell,
    close,
  };
});
