import { defineStore } from 'pinia';
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue';
import type { EngineEvent, ParamsInput, Value } from '../../shared/contract';
import type { Region, Turned } from '../../shared/enlargement';
import { faultOf, type Fault } from '../../shared/faults';
import type { SheetFormat } from '../../shared/sheet';
import { cropChoiceOf, NO_CHOICES, type CropChoice } from '../editor/sheetCropChoice';
import {
  NEW_DESIGN,
  sheetOf,
  turnedAway,
  type ChosenMethod,
  type SheetDesign,
  type SheetSubject,
} from '../editor/sheetDesign';
import { useEngine } from '../engine/connect';
import { useCompare } from './compare';
import { useDocument } from './document';
import { useJobs } from './jobs';
import { useMethods } from './methods';
import { usePhotos } from './photos';

/** What a sheet is begun with where nobody chose methods: what everything is compared with. */
const USUAL_METHOD = 'bicubic';

/** A drawing of the engine's; `key`: of the order that it was made by, `of`: the photos that it shows. */
export interface Drawn {
  readonly key: string;
  readonly of: string;
  readonly value: Value<'sheet:draw'>;
}

type DrawingEvent = Extract<EngineEvent, { event: 'sheet:drawing' }>;

/** What a sheet is opened with, beside what the tray holds. */
export type SheetStart = Partial<Pick<SheetDesign, 'truth' | 'scale' | 'opinions' | 'tradeoff'>> & {
  readonly methods?: readonly string[];
  /** Methods with what is turned in them, in the place of `methods`. */
  readonly turned?: readonly { readonly id: string; readonly turned: Turned }[];
  /** Of the photo in the view, in the place of those that were drawn on it. */
  readonly crops?: readonly Region[];
};

/** The sheet that is being designed, and what the engine drew of it. */
export const useSheet = defineStore('sheet', () => {
  const engine = useEngine();
  const compare = useCompare();
  const doc = useDocument();
  const jobs = useJobs();
  const methods = useMethods();
  const photos = usePhotos();

  const isOpen = ref(false);
  const wasOpened = ref(false);
  /** All that was chosen but whose crops there are, which each photo has for itself. */
  const chosen = shallowRef<SheetDesign>(NEW_DESIGN);
  const cropChoices = shallowRef(NO_CHOICES);
  const format = ref<SheetFormat>('png');
  /** What was drawn last, of whichever photos. */
  const latest = shallowRef<Drawn | null>(null);
  const fault = shallowRef<Fault | null>(null);
  const drawing = ref<'none' | 'crops' | 'figures'>('none');
  /** How far the drawing is; null before the engine says so. */
  const progress = shallowRef<DrawingEvent | null>(null);
  /** Counts drawings: what an earlier one says is late. */
  let asked = 0;
  /** The tray that the list of methods was taken from last. */
  let taken = '';
  let nextKey = 0;
  const freshKey = (): string => `row-${(nextKey += 1)}`;

  const subjects = computed((): SheetSubject[] => {
    const all = doc.present.photos.filter(({ info }) => photos.canRead(info.photo));
    const shown =
      chosen.value.layout === 'grid' ? all : all.filter(({ info }) => info.photo === doc.photo?.photo);
    return shown.map(({ info, regions }) => ({ info, regions }));
  });
  const design = computed((): SheetDesign => {
    const crops = cropChoiceOf(cropChoices.value, chosen.value, subjects.value);
    return { ...chosen.value, crops };
  });
  /** Which photos the sheet shows: a drawing or a fault of others says nothing of it. */
  const shownPhotos = computed(() => JSON.stringify(subjects.value.map(({ info }) => info.photo)));
  const drawn = computed(() => (latest.value?.of === shownPhotos.value ? latest.value : null));
  watch(shownPhotos, () => (fault.value = null), { flush: 'sync' });
  const plan = computed(() => sheetOf(design.value, subjects.value, doc.photos));
  const order = computed((): ParamsInput<'sheet:draw'> | null =>
    plan.value.document === null ? null : { document: plan.value.document, photos: plan.value.photos },
  );
  /** What the drawing is made by: with another key it is out of date. */
  const key = computed(() => JSON.stringify(order.value));

  function chosenMethod(id: string, turned: Turned): ChosenMethod {
    return { key: freshKey(), id, turned: turnedAway(turned, methods.byId.get(id)), label: '' };
  }

  /** The methods of the tray, each once however often it is there; without any, the bicubic and the photo's own. */
  function fromTray(): ChosenMethod[] {
    const tray = new Map<string, ChosenMethod>();
    for (const { methodId, options } of compare.items) {
      if (methodId === null) continue;
      const method = chosenMethod(methodId, options);
      const same = JSON.stringify([method.id, method.turned]);
      if (!tray.has(same)) tray.set(same, method);
    }
    if (tray.size > 0) return [...tray.values()];
    const usual = [...new Set([USUAL_METHOD, doc.methodId])].filter((id) => methods.byId.has(id));
    return usual.map((id) => chosenMethod(id, doc.optionsFor(id)));
  }

  /** The user's choice between proposed crops and own ones, on the photo in the view or for the grid. */
  function chooseCrops(crops: CropChoice): void {
    const { grid, photos: each } = cropChoices.value;
    const photo = doc.photo?.photo;
    const isGrid = chosen.value.layout === 'grid';
    cropChoices.value = {
      last: crops,
      grid: isGrid ? crops : grid,
      photos: isGrid || photo === undefined ? each : { ...each, [photo]: crops },
    };
  }

  /** A photo that got crops of its own shows them. */
  function showOwnCrops(photo: string): void {
    const { photos: each, ...rest } = cropChoices.value;
    cropChoices.value = { ...rest, photos: { ...each, [photo]: 'chosen' } };
  }

  const change = (part: Partial<Omit<SheetDesign, 'crops'>>): void => {
    chosen.value = { ...chosen.value, ...part };
  };

  /** Opens the designer; methods are taken from the tray where it is another than last time. */
  function open(start: SheetStart = {}): void {
    if (!doc.photo) return;
    const { photo } = doc.photo;
    const { methods: wanted, turned, crops, ...rest } = start;
    const tray = JSON.stringify([
      doc.photo.photo,
      compare.items.map(({ methodId, options }) => [methodId, options]),
    ]);
    if (turned) {
      change({ methods: turned.map((one) => chosenMethod(one.id, one.turned)) });
    } else if (wanted) {
      change({ methods: wanted.map((id) => chosenMethod(id, doc.optionsFor(id))) });
    } else if (tray !== taken || design.value.methods.length === 0) {
      change({ methods: fromTray() });
      taken = tray;
    }
    if (latest.value === null && rest.scale === undefined) change({ scale: doc.scale > 1 ? doc.scale : 4 });
    change(rest);
    if (crops) {
      const others = design.value.picked.filter((one) => one.photo !== photo);
      const picked = crops.map((region) => ({ key: freshKey(), photo, region }));
      change({ picked: [...others, ...picked], layout: 'paper' });
      showOwnCrops(photo);
    }
    isOpen.value = true;
    wasOpened.value = true;
  }

  /** Has the engine draw the sheet as it is chosen now; `measures`: with figures of whole photos that lack. */
  async function draw(measures = false): Promise<void> {
    const params = order.value;
    if (!params) return;
    const own = { key: key.value, of: shownPhotos.value };
    const mine = (asked += 1);
    drawing.value = measures ? 'figures' : 'crops';
    progress.value = null;
    try {
      const value = await engine.call('sheet:draw', { ...params, measures });
      if (mine !== asked) return;
      latest.value = { ...own, value };
      fault.value = null;
    } catch (thrown) {
      const found = faultOf(thrown);
      const isOfThese = own.of === shownPhotos.value;
      if (mine === asked && isOfThese && found.code !== 'stopped') fault.value = found;
    } finally {
      if (mine === asked) drawing.value = 'none';
    }
  }

  onScopeDispose(
    engine.on('sheet:drawing', (event) => {
      if (drawing.value !== 'none') progress.value = event;
    }),
  );

  /** Makes the file; it is told where exports are. */
  async function save(name: string): Promise<void> {
    const params = order.value;
    if (!params) return;
    await jobs.saveSheet({ ...params, format: format.value, suggestedName: name });
  }

  return {
    isOpen,
    wasOpened,
    design,
    format,
    drawn,
    fault,
    drawing,
    progress,
    subjects,
    plan,
    order,
    key,
    isDrawn: computed(() => drawn.value?.key === key.value),
    change,
    chooseCrops,
    open,
    draw,
    save,
    addMethod: (id: string) =>
      change({ methods: [...design.value.methods, chosenMethod(id, doc.optionsFor(id))] }),
    removeMethod: (row: string) =>
      change({ methods: design.value.methods.filter((method) => method.key !== row) }),
    labelMethod: (row: string, label: string) =>
      change({
        methods: design.value.methods.map((method) => (method.key === row ? { ...method, label } : method)),
      }),
    moveMethod(row: string, by: 1 | -1): void {
      const list = [...design.value.methods];
      const from = list.findIndex((method) => method.key === row);
      const to = from + by;
      if (from < 0 || to < 0 || to >= list.length) return;
      list.splice(to, 0, ...list.splice(from, 1));
      change({ methods: list });
    },
    pick(photo: string, region: Region): string {
      const picked = { key: freshKey(), photo, region };
      change({ picked: [...design.value.picked, picked] });
      showOwnCrops(photo);
      return picked.key;
    },
    placePick: (row: string, region: Region) =>
      change({ picked: design.value.picked.map((one) => (one.key === row ? { ...one, region } : one)) }),
    removePick: (row: string) => change({ picked: design.value.picked.filter((one) => one.key !== row) }),
    toggleRegion(id: string): void {
      const { leftOut } = design.value;
      change({ leftOut: leftOut.includes(id) ? leftOut.filter((one) => one !== id) : [...leftOut, id] });
    },
  };
});
