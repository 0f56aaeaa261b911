import { defineStore } from 'pinia';
import { computed, onScopeDispose, ref, shallowRef } from 'vue';
import {
  jobKinds,
  readBy,
  type Degradation,
  type JobLine,
  type Recommendation,
  type RecoveredCrops,
} from '../../shared/contract';
import { faultOf, type Fault } from '../../shared/faults';
import { carriesOver } from '../../shared/recoveryVerdict';
import { useEngine } from '../engine/connect';
import { useDocument } from './document';
import { ownJob } from './ownJob';

/** What a test found. */
export interface Recovered {
  readonly job: string;
  readonly found: Recommendation;
}

interface TestOrder {
  readonly photo: string;
  readonly scale: number;
  readonly degradation: Degradation;
  readonly seconds: number;
}

/** What the page remembers of a test under way. */
interface AboutTest {
  readonly order: TestOrder;
  /** After its engine died. */
  readonly isAgain: boolean;
}

/** Hide and recover: tests on open photos, one at a time, and what each photo's last one found. */
export const useRecover = defineStore('recover', () => {
  const engine = useEngine();
  const doc = useDocument();
  const isOpen = ref(false);
  const wasOpened = ref(false);
  /** What an engine that died was testing: the next one begins it once more, and only once. */
  let lost: TestOrder | null = null;
  const test = ownJob<AboutTest>(engine, (line) => {
    if (line.state === 'failed' && line.fault) fault.value = line.fault;
    if (line.state === 'done') take([line]);
  });
  const fault = shallowRef<Fault | null>(null);
  const byPhoto = shallowRef<ReadonlyMap<string, Recovered>>(new Map());
  const crops = shallowRef<{
    readonly job: string;
    readonly part: number;
    readonly value: RecoveredCrops;
  } | null>(null);

  const current = computed(() => byPhoto.value.get(doc.photo?.photo ?? '') ?? null);

  async function begin(order: TestOrder, isAgain: boolean): Promise<void> {
    fault.value = null;
    try {
      test.follow(await engine.call('job:recommend', order), { order, isAgain });
    } catch (thrown) {
      fault.value = faultOf(thrown);
    }
  }

  async function start(order: Omit<TestOrder, 'photo'>): Promise<void> {
    const photo = doc.photo?.photo;
    if (photo === undefined || test.running.value) return;
    lost = null;
    await begin({ photo, ...order }, false);
  }

  /** What tests found, the newest last: of each photo the last one counts. */
  function take(lines: readonly JobLine[]): void {
    const found = lines.map(({ job, result }) => ({
      job,
      found: readBy(jobKinds.recommend.result, result, 'result of a test'),
    }));
    byPhoto.value = new Map([
      ...byPhoto.value,
      ...found.map((one): [string, Recovered] => [one.found.token, one]),
    ]);
  }

  /** What a page before this one found, which the ledger still has. */
  async function recall(): Promise<void> {
    const lines = await engine.call('jobs:list', {}).catch(() => null);
    take((lines ?? []).filter(({ kind, mine, state }) => kind === 'recommend' && mine && state === 'done'));
  }

  /** What the engine kept of a part of a test; none where it was started anew since. */
  async function showPart(job: string, part: number): Promise<void> {
    const value = await engine.call('recommend:crops', { job, part }).catch(() => null);
    crops.value = value && { job, part, value };
  }

  const stops = [
    engine.on('jobs:changed', () => void test.reread()),
    engine.on('engine:lost', (event) => {
      if (!test.running.value) return;
      const { order, isAgain } = test.running.value;
      lost = isAgain ? null : order;
      test.running.value = null;
      fault.value = event.fault;
    }),
    engine.on('engine:restored', () => {
      const order = lost;
      lost = null;
      if (order && !test.running.value) void begin(order, true);
    }),
  ];
  onScopeDispose(() => stops.forEach((one) => one()));
  void recall();

  return {
    isOpen,
    wasOpened,
    test: test.running,
    fault,
    crops,
    current,
    /** What holds for the photo in the view itself; null: it was not tested, or the test does not carry over. */
    holding: computed(() => (current.value && carriesOver(current.value.found) ? current.value : null)),
    open(): void {
      if (!doc.photo) return;
      isOpen.value = true;
      wasOpened.value = true;
    },
    start,
    stop: test.stop,
    showPart,
  };
});
