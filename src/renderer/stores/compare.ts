import { useMediaQuery } from '@vueuse/core';
import { defineStore } from 'pinia';
import { computed, ref, watch } from 'vue';
import { makerKey, optionsKey, type MethodOptions, type Turned } from '../../shared/enlargement';
import * as commands from '../document/compare';
import { settingsOf, shownPhoto, VARIANTS_MAX, type Compare, type Variant } from '../document/document';
import { optionsOf } from '../editor/methodSettings';
import { layOut, withOriginal, withParts, type Arrangement } from '../scene/comparison';
import type { LayerRequest } from '../scene/layers';
import { useDocument } from './document';
import { useMethods } from './methods';
import { usePhotos } from './photos';
import { useView } from './view';

/** The photo's own pixels, drawn as squares: nothing is added to them. */
export const ORIGINAL_METHOD = 'nearest';

/** So many regions are shown by methods of their own at once; the rest as the photo is. */
const PARTS_MAX = 24;

/** One of the tray, with what is known of it. */
export interface TrayItem {
  readonly variant: Variant;
  /** Its place in the tray, from 0; its number key is one more. */
  readonly place: number;
  /** null: the original. */
  readonly methodId: string | null;
  readonly options: MethodOptions;
  /** Turned differently from the photo's own settings. */
  readonly isTurned: boolean;
}

/** What is compared, and what of it is in front. The tray and the way to compare are the document's. */
export const useCompare = defineStore('compare', () => {
  const doc = useDocument();
  const methods = useMethods();
  const photos = usePhotos();
  const view = useView();
  const reducedMotion = useMediaQuery('(prefers-reduced-motion: reduce)');

  const compare = computed(() => doc.present.compare);
  const kind = computed(() => (doc.photo ? compare.value.kind : 'single'));
  const activeId = ref<string | null>(null);
  const isOriginalHeld = ref(false);
  const isBlinking = ref(false);

  const items = computed(() =>
    compare.value.variants.map((variant, place): TrayItem => {
      if (variant.of === 'original') {
        const options = optionsOf(methods.byId.get(ORIGINAL_METHOD) ?? null);
        return { variant, place, methodId: null, options, isTurned: false };
      }
      const { id } = variant.method;
      const usual = doc.optionsFor(id);
      const own = variant.turned && optionsOf(methods.byId.get(id) ?? null, variant.turned);
      const isTurned = own !== null && optionsKey(own) !== optionsKey(usual);
      return { variant, place, methodId: id, options: own ?? usual, isTurned };
    }),
  );
  const active = computed(() =>
    Math.max(
      0,
      compare.value.variants.findIndex(({ id }) => id === activeId.value),
    ),
  );
  const pair = computed(() => commands.pairOf(compare.value));

  const requestOf = (id: string, options: MethodOptions, isOriginal = false): LayerRequest | null => {
    const photo = photos.readable;
    if (!photo) return null;
    const card = methods.byId.get(id);
    return {
      photo,
      method: card ? { id, sum: card.sum } : { id },
      options,
      shows: isOriginal || kind.value === 'difference' ? 'enlargement' : view.shows,
      isSlow: card?.family !== 'interpolation',
    };
  };
  const original = computed(() =>
    requestOf(ORIGINAL_METHOD, optionsOf(methods.byId.get(ORIGINAL_METHOD) ?? null), true),
  );

  /** What of the tray, null for the photo's own method, is in which layer of the arrangement. */
  const plan = computed((): Arrangement<TrayItem | null> => {
    const { split, difference } = compare.value;
    const comparison = { kind: kind.value, split, difference, pair: pair.value, active: active.value };
    return layOut<TrayItem | null>(comparison, null, items.value, view.canvas.pixelRatio);
  });
  /** Regions whose own method or settings make other pixels than the photo's, where the photo is shown alone. */
  const parts = computed(() => {
    const photo = shownPhoto(doc.present);
    if (kind.value !== 'single' || !photo) return [];
    const usual = makerKey({ method: { id: doc.methodId }, options: doc.options });
    return photo.regions.slice(0, PARTS_MAX).flatMap((region) => {
      const { method, turned } = settingsOf(photo, region);
      const options = optionsOf(methods.byId.get(method.id) ?? null, turned[method.id]);
      if (makerKey({ method, options }) === usual) return [];
      const request = requestOf(method.id, options);
      return request ? [{ request, within: region.rect }] : [];
    });
  });
  /** What the scene shows; null: no photo can be read. */
  const arrangement = computed((): Arrangement<LayerRequest> | null => {
    const layers: LayerRequest[] = [];
    for (const item of plan.value.layers) {
      const request = item
        ? requestOf(item.methodId ?? ORIGINAL_METHOD, item.options, item.methodId === null)
        : requestOf(doc.methodId, doc.options);
      if (!request) return null;
      layers.push(request);
    }
    const shown = withParts({ layers, layout: plan.value.layout }, parts.value);
    return isOriginalHeld.value && original.value ? withOriginal(shown, original.value) : shown;
  });

  let nextId = 0;
  const newId = (): string => {
    nextId += 1;
    return `variant-${Date.now().toString(36)}-${nextId}`;
  };
  const ofMethod = (id: string, turned: Turned | null = null): Variant => ({
    id: newId(),
    of: 'method',
    method: { id },
    turned,
  });

  /** Compares in one of the ways; an empty tray gets the photo's method and the original first. */
  function choose(wanted: Compare['kind']): void {
    if (!doc.photo) return;
    isBlinking.value = false;
    if (wanted === 'single') doc.commit(commands.setCompareKind('single'));
    else doc.commit(commands.compareAs(wanted, filling()));
  }

  /** What is laid into a tray of fewer than two: the original and the method in hand, as far as they lack. */
  function filling(): Variant[] {
    const has = (id: string | null): boolean => items.value.some(({ methodId }) => methodId === id);
    const wanted: Variant[] = [];
    if (!has(null)) wanted.push({ id: newId(), of: 'original' });
    if (!has(doc.methodId)) wanted.push(ofMethod(doc.methodId));
    return wanted;
  }

  const add = (id: string): void => doc.commit(commands.addVariant(ofMethod(id)));
  const addOriginal = (): void => doc.commit(commands.addVariant({ id: newId(), of: 'original' }));

  /** Puts the n-th of the tray (from 0) in front: in place, or on a side of the pair. */
  function show(place: number, side: 0 | 1 = 1): void {
    const item = items.value[place];
    if (!item || !doc.photo) return;
    isBlinking.value = false;
    if (kind.value === 'split' || kind.value === 'difference') {
      doc.commit(commands.setSide(item.variant.id, side));
      return;
    }
    activeId.value = item.variant.id;
    if (kind.value === 'single' && items.value.length > 1) choose('flip');
  }

  const turnOver = (): void => {
    const next = items.value[(active.value + 1) % items.value.length];
    if (next) activeId.value = next.variant.id;
  };
  /** Flips through the tray at the document's rate; with reduced motion one step a call. */
  function blink(): void {
    if (!doc.photo) return;
    if (isBlinking.value) {
      isBlinking.value = false;
      return;
    }
    const wasFlipping = kind.value === 'flip';
    if (!wasFlipping) choose('flip');
    if (!reducedMotion.value) isBlinking.value = true;
    else if (wasFlipping) turnOver();
  }
  watch(
    [isBlinking, () => compare.value.blinkHz, reducedMotion],
    ([blinks, hertz, reduced], _before, onCleanup) => {
      if (reduced) isBlinking.value = false;
      if (!blinks || reduced) return;
      const timer = setInterval(turnOver, 1000 / hertz);
      onCleanup(() => clearInterval(timer));
    },
  );
  watch(kind, (now) => {
    if (now !== 'flip') isBlinking.value = false;
  });

  return {
    compare,
    kind,
    items,
    isFull: computed(() => items.value.length >= VARIANTS_MAX),
    active,
    pair,
    plan,
    arrangement,
    isOriginalHeld,
    isBlinking,
    canBlink: computed(() => !reducedMotion.value),
    choose,
    add,
    addOriginal,
    remove: (id: string) => doc.commit(commands.removeVariant(id)),
    move: (id: string, to: number) => doc.commit(commands.moveVariant(id, to)),
    turn: (id: string, turned: Turned | null) => doc.commit(commands.turnVariant(id, turned)),
    /** Puts another method into the place of one of the tray. */
    replace: (id: string, method: string) => doc.commit(commands.replaceVariant(id, ofMethod(method))),
    replaceByOriginal: (id: string) =>
      doc.commit(commands.replaceVariant(id, { id: newId(), of: 'original' })),
    setView: (part: Parameters<typeof commands.setCompareView>[0]) =>
      doc.commit(commands.setCompareView(part)),
    dragView: (part: Parameters<typeof commands.setCompareView>[0]) =>
      doc.drag('compare view', commands.setCompareView(part)),
    show,
    setSide: (id: string, side: 0 | 1) => doc.commit(commands.setSide(id, side)),
    blink,
  };
});
