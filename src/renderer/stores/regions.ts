import { defineStore } from 'pinia';
import { computed } from 'vue';
import type { MethodOptions, Region, Turned } from '../../shared/enlargement';
import type { Command } from '../document/command';
import {
  REGION_COLOURS,
  scaleIn,
  settingsOf,
  shownPhoto,
  type DocumentPhoto,
  type DocumentRegion,
} from '../document/document';
import * as commands from '../document/regions';
import { moved, resized } from '../document/regionShape';
import { turn as turnPart } from '../document/settings';
import { optionsOf } from '../editor/methodSettings';
import { useDocument } from './document';
import { useMethods } from './methods';

/** How far from its original a duplicate lies, source pixels. */
const DUPLICATE_AWAY = 12;

/** The regions of the photo in the view, and what can be done to them. */
export const useRegions = defineStore('regions', () => {
  const doc = useDocument();
  const methods = useMethods();
  const photo = computed((): DocumentPhoto | null => shownPhoto(doc.present));
  const list = computed(() => photo.value?.regions ?? []);
  /** The chosen one: what has handles, and what keys and fields change. */
  const chosen = computed((): DocumentRegion | null => {
    const id = photo.value?.chosenRegions[0];
    return list.value.find((region) => region.id === id) ?? null;
  });
  const of = (id: string): DocumentRegion | undefined => list.value.find((region) => region.id === id);

  let nextId = 0;
  function fresh(rect: Region, name: (n: number) => string): DocumentRegion {
    nextId += 1;
    const names = new Set(list.value.map((region) => region.name));
    let n = list.value.length + 1;
    while (names.has(name(n))) n += 1;
    const colour = REGION_COLOURS[list.value.length % REGION_COLOURS.length]!;
    return {
      id: `region-${Date.now().toString(36)}-${nextId}`,
      name: name(n),
      colour,
      rect,
      ratio: null,
      own: {},
    };
  }

  /** Runs a command on the photo in the view. */
  const commit = (command: (token: string) => Command): void => {
    if (photo.value) doc.commit(command(photo.value.info.photo));
  };
  /** One of the changes of a hand that has not let go. */
  const drag = (gesture: string, command: (token: string) => Command): void => {
    if (photo.value) doc.drag(gesture, command(photo.value.info.photo));
  };

  const choose = (id: string | null): void => {
    if (photo.value) doc.chooseRegions(photo.value.info.photo, id === null ? [] : [id]);
  };

  const isChosen = (id: string): boolean => photo.value?.chosenRegions.includes(id) ?? false;
  /** Chooses one more, or one less. */
  function toggle(id: string): void {
    if (!photo.value) return;
    const { info, chosenRegions } = photo.value;
    const next = isChosen(id) ? chosenRegions.filter((one) => one !== id) : [...chosenRegions, id];
    doc.chooseRegions(info.photo, next);
  }

  /** Draws a region that is not there yet, or is there from an earlier move of the same hand. */
  const draw = (gesture: string, region: DocumentRegion): void =>
    drag(gesture, (token) => {
      const add = commands.addRegion(token, region);
      return {
        run: (document) => commands.placeRegion(token, region.id, region.rect).run(add.run(document)),
        step: (before, after) => add.step(before, after),
      };
    });

  function duplicate(id: string, name: (n: number) => string): void {
    const region = of(id);
    if (!region || !photo.value) return;
    const { info } = photo.value;
    const beside = moved(region.rect, DUPLICATE_AWAY, DUPLICATE_AWAY, info);
    const copy = fresh(beside, name);
    commit((token) => commands.addRegion(token, { ...copy, ratio: region.ratio, own: region.own }));
  }

  const order = (id: string, step: 1 | -1): void => {
    const place = list.value.findIndex((region) => region.id === id);
    commit((token) => commands.orderRegion(token, id, Math.max(0, place + step)));
  };

  /** Keeps a ratio from now on, and brings the region into it at once: one step. */
  function keepRatio(id: string, ratio: DocumentRegion['ratio']): void {
    const region = of(id);
    if (!region || !photo.value) return;
    const { info } = photo.value;
    const { x, y, width, height } = region.rect;
    const fitted = ratio
      ? resized(
          region.rect,
          'se',
          { x: x + width, y: y + Math.min(height, width / (ratio.width / ratio.height)) },
          info,
          ratio,
        )
      : region.rect;
    commit((token) => {
      const keep = commands.keepRatio(token, id, ratio);
      return {
        run: (document) => commands.placeRegion(token, id, fitted).run(keep.run(document)),
        step: (before, after) => keep.step(before, after),
      };
    });
  }

  /** What the region's method is asked with. */
  const optionsIn = (region: DocumentRegion): MethodOptions => {
    const settings = photo.value && settingsOf(photo.value, region);
    const id = settings?.method.id ?? doc.methodId;
    return optionsOf(methods.byId.get(id) ?? null, settings?.turned[id]);
  };
  /** Turns something in the region's method, for the region alone; `held`: by a hand that has not let go. */
  function turn(region: DocumentRegion, part: Turned, held: boolean): void {
    const card = photo.value && methods.byId.get(settingsOf(photo.value, region).method.id);
    if (!photo.value || !card) return;
    const before = settingsOf(photo.value, region).turned;
    const turned = { ...before, [card.id]: turnPart(card, before[card.id] ?? {}, part) };
    const command = (token: string): Command =>
      commands.setRegionOwn(token, region.id, { ...region.own, turned });
    if (held) drag(`turn ${region.id} ${card.id} ${Object.keys(part).join()}`, command);
    else commit(command);
  }

  return {
    optionsIn,
    turn,
    photo,
    list,
    chosen,
    fresh,
    choose,
    isChosen,
    toggle,
    draw,
    duplicate,
    order,
    keepRatio,
    place: (id: string, rect: Region) => commit((token) => commands.placeRegion(token, id, rect)),
    dragTo: (gesture: string, id: string, rect: Region) =>
      drag(gesture, (token) => commands.placeRegion(token, id, rect)),
    rename: (id: string, name: string) => commit((token) => commands.renameRegion(token, id, name)),
    colour: (id: string, colour: DocumentRegion['colour']) =>
      commit((token) => commands.colourRegion(token, id, colour)),
    setOwn: (id: string, own: DocumentRegion['own']) =>
      commit((token) => commands.setRegionOwn(token, id, own)),
    remove: (id: string) => commit((token) => commands.removeRegions(token, [id])),
    scaleOf: (region: DocumentRegion): number => (photo.value ? scaleIn(photo.value, region) : 1),
    methodOf: (region: DocumentRegion): string =>
      photo.value ? settingsOf(photo.value, region).method.id : doc.methodId,
  };
});
