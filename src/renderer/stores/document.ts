import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { ExportPreset, PhotoInfo, Turned } from '../../shared/contract';
import type { Command } from '../document/command';
import { dpiOf, EMPTY, shownPhoto, type EditorDocument, type PhotoSettings } from '../document/document';
import {
  applyPreset,
  keepOf,
  setEncoding,
  setKeep,
  stripOf,
  type ExportEncoding,
  type Keep,
} from '../document/exports';
import * as histories from '../document/history';
import { choosePhotos, closePhotos, openPhoto, showBeside, showPhoto } from '../document/photos';
import { chooseRegions } from '../document/regions';
import * as commands from '../document/settings';
import { scaleOf, sizeAt, type Target } from '../document/size';
import { optionsOf } from '../editor/methodSettings';
import { useMethods } from './methods';
import { useSettings } from './settings';

/**
 * The document with its history, and what the page reads of it most: the photo in the view and its settings.
 * Settings remembered between starts are defaults: new photos take them over, and they stand in while no photo
 * is open; of an open photo the document alone is the truth.
 */
export const useDocument = defineStore('document', () => {
  const settings = useSettings();
  const methods = useMethods();
  const history = shallowRef(histories.startHistory(EMPTY));

  const present = computed(() => history.value.present);
  const shown = computed(() => shownPhoto(present.value));
  const photos = computed(() => present.value.photos.map(({ info }) => info));
  const photo = computed(() => shown.value?.info ?? null);
  const defaults = computed<PhotoSettings>(() => ({
    method: { id: settings.settings.method },
    target: { by: 'scale', scale: settings.settings.scale },
    turned: settings.settings.turned,
    dpi: null,
  }));
  const current = computed(() => shown.value?.settings ?? defaults.value);

  const methodId = computed(() => current.value.method.id);
  const method = computed(() => methods.byId.get(methodId.value) ?? null);
  /** What any method is asked with, as the user turned it. */
  const optionsFor = (id: string) => optionsOf(methods.byId.get(id) ?? null, current.value.turned[id]);
  const options = computed(() => optionsFor(methodId.value));
  const dpi = computed(() =>
    shown.value ? dpiOf(shown.value, settings.settings.dpi) : settings.settings.dpi,
  );
  /** Without a photo: the scale that the next one will have. */
  const scale = computed(() =>
    photo.value ? scaleOf(current.value.target, photo.value, dpi.value) : settings.settings.scale,
  );
  const size = computed(() => (photo.value ? sizeAt(photo.value, scale.value, dpi.value) : null));

  const commit = (command: Command): void => {
    history.value = histories.commit(history.value, command);
  };
  /** The gesture of a hand that has not let go; null: there is none. */
  const hand = ref<string | null>(null);
  /** A change by a hand that has not let go: `letGo` makes one step of all in the gesture `id`, `bail` none. */
  const drag = (id: string, command: Command): void => {
    hand.value = id;
    history.value = histories.drag(history.value, id, command);
  };
  const adjust = (change: (document: EditorDocument) => EditorDocument): void => {
    history.value = histories.adjust(history.value, change);
  };
  const correct = (change: (document: EditorDocument) => EditorDocument): void => {
    history.value = histories.correct(history.value, change);
  };

  /** What the next photo starts with is what was chosen last. */
  function remember(): void {
    const { turned } = current.value;
    const own = turned[methodId.value];
    settings.change({
      method: methodId.value,
      scale: scale.value,
      turned: own ? { ...settings.settings.turned, [methodId.value]: own } : settings.settings.turned,
    });
  }

  const squash = (): void => {
    history.value = histories.squash(history.value);
  };
  /** The hand let go: its gesture is one step. */
  function letGo(): void {
    hand.value = null;
    squash();
    remember();
  }
  function bail(): void {
    hand.value = null;
    history.value = histories.bail(history.value);
  }

  function setMethod(id: string): void {
    if (!shown.value) {
      settings.change({ method: id });
      return;
    }
    commit(commands.setMethod(present.value.chosen, id));
    remember();
  }

  /** Turns something in the method; `held`: by a hand that has not let go, see `letGo`. */
  function turn(part: Turned, held = false): void {
    const card = method.value;
    if (!card) return;
    if (!shown.value) {
      const before = settings.settings.turned;
      const turned = { ...before, [card.id]: commands.turn(card, before[card.id] ?? {}, part) };
      settings.change({ turned });
      return;
    }
    const command = commands.turnMethod(present.value.chosen, card, part);
    if (held) {
      drag(`turn ${card.id} ${Object.keys(part).join()}`, command);
      return;
    }
    commit(command);
    remember();
  }

  function setTarget(target: Target): void {
    if (!shown.value) {
      if (target.by === 'scale') settings.change({ scale: target.scale });
      return;
    }
    commit(commands.setTarget(present.value.chosen, target));
    remember();
  }

  /** Changes how files are encoded or what they keep; the next photos begin with the same. */
  function changeExports(command: Command): void {
    commit(command);
    const { encoding, keep } = present.value.exports;
    settings.change({ encoding: { ...encoding, strip: stripOf(keep) } });
  }

  return {
    present,
    photos,
    photo,
    methodId,
    method,
    options,
    optionsFor,
    dpi,
    scale,
    size,
    encoding: computed(() => present.value.exports.encoding),
    undoStep: computed(() => histories.undoStep(history.value)),
    redoStep: computed(() => histories.redoStep(history.value)),
    /** Every step there is, the first first, and how many of them are done. */
    steps: computed(() => histories.stepsOf(history.value)),
    goTo: (done: number) => (history.value = histories.goTo(history.value, done)),
    isDragging: computed(() => hand.value !== null && history.value.gesture?.id === hand.value),
    /** Begins with this document and no history. */
    start: (document: EditorDocument) => (history.value = histories.startHistory(document)),
    commit,
    drag,
    correct,
    letGo,
    bail,
    squash,
    undo: () => (history.value = histories.undo(history.value)),
    redo: () => (history.value = histories.redo(history.value)),
    /** Adds a photo with the defaults; all of one `arrival` are one step once it is squashed. */
    add: (info: PhotoInfo, arrival: string, isShown = true) =>
      (history.value = histories.drag(history.value, arrival, openPhoto(info, defaults.value, isShown))),
    close: (token: string) => commit(closePhotos([token])),
    show: (token: string) => adjust(showPhoto(token)),
    showBeside: (direction: 1 | -1) => adjust(showBeside(direction)),
    choose: (tokens: readonly string[]) => adjust(choosePhotos(tokens)),
    chooseRegions: (token: string, ids: readonly string[]) => adjust(chooseRegions(token, ids)),
    setMethod,
    turn,
    setTarget,
    setScale: (wanted: number) => setTarget({ by: 'scale', scale: wanted }),
    setDpi: (wanted: number) => commit(commands.setDpi(present.value.chosen, wanted)),
    encode: (encoding: ExportEncoding) => changeExports(setEncoding(encoding)),
    keep: (keep: Keep) => changeExports(setKeep(keep)),
    applyPreset: ({ name, encoding: { strip, ...encoding }, namePattern }: ExportPreset) =>
      changeExports(applyPreset(name, { encoding, keep: keepOf(strip), namePattern })),
  };
});
