import { useMediaQuery } from '@vueuse/core';
import { computed, onBeforeUnmount, onMounted, ref, watch, type Ref } from 'vue';
import { optionsKey } from '../../shared/enlargement';
import type { Fault } from '../../shared/faults';
import { useEngine } from '../engine/connect';
import { useCompare } from '../stores/compare';
import { useDocument } from '../stores/document';
import { useNotices } from '../stores/notices';
import { usePhotos } from '../stores/photos';
import { useSettings } from '../stores/settings';
import { useView } from '../stores/view';
import { useViewWork } from '../stores/viewWork';
import { closerZoom } from './camera';
import { openDrawing } from './drawing/openDrawing';
import type { Paints } from './drawing/painting';
import { feedOf } from './feed';
import { layHands } from './hands';
import type { LayerRequest } from './layers';
import type { Layout } from './panes/layout';
import { Scene, type SceneContent } from './scene';
import { NO_FACTS, type LayerFacts, type SceneFacts } from './sceneFacts';
import { isSameMaker } from './shownMaker';
import { followSize, readPaints } from './surface';
import { Viewport } from './viewport';

/** Whether there is a device to draw with. */
export type Graphics = 'here' | 'none' | 'lost';

/** Puts the scene onto a canvas: what the document holds goes in, what is true of the view goes to its store. */
export function useScene(canvas: Ref<HTMLCanvasElement | null>): { graphics: Ref<Graphics> } {
  const engine = useEngine();
  const doc = useDocument();
  const settings = useSettings();
  const view = useView();
  const graphics = ref<Graphics>('here');
  const wideGamut = useMediaQuery('(color-gamut: p3)');
  const reducedMotion = useMediaQuery('(prefers-reduced-motion: reduce)');
  const content = useContent();
  const tellFault = useFaultNotice();

  const limitBytes = (): number => settings.settings.viewMemory * 2 ** 20;
  const cleanUps: (() => void)[] = [];
  onBeforeUnmount(() => cleanUps.reverse().forEach((cleanUp) => cleanUp()));

  const mount = async (surface: HTMLCanvasElement): Promise<void> => {
    let paints: Paints = readPaints(surface);
    const gone = new AbortController();
    cleanUps.push(() => gone.abort());
    const drawing = await openDrawing(surface, wideGamut.value ? 'display-p3' : 'srgb', {
      lost: () => (graphics.value = 'lost'),
      restored: () => {
        graphics.value = 'here';
        scene.dropPictures();
      },
    });
    if (!drawing) {
      graphics.value = 'none';
      return;
    }
    if (gone.signal.aborted) {
      drawing.close();
      return;
    }
    view.graphicsName = drawing.deviceName;
    const feed = feedOf(engine);
    feed.display = drawing.space;
    const told = ({ done, total, layers, invented, fault, work }: SceneFacts): void => {
      if (view.tiles.done !== done || view.tiles.total !== total) view.tiles = { done, total };
      if (!isSameFacts(view.layers, layers)) view.layers = layers;
      view.work = work;
      view.invented = invented;
      if (view.fault?.message === fault?.message) return;
      view.fault = fault;
      tellFault(fault);
    };
    const listener = { changed: () => viewport.invalidate() };
    const scene = new Scene(feed, drawing, () => performance.now(), listener, limitBytes());
    const viewport = new Viewport({
      drawing,
      scene,
      drawn: ({ moved, cursor, shown, makers, facts }) => {
        if (moved) {
          view.camera = moved.camera;
          view.isFitted = moved.isFitted;
        }
        view.pointer = cursor;
        if (facts) told(facts);
        if (!isSameMaker(view.shownMaker, shown)) view.shownMaker = shown;
        const isSame = makers.length === view.makers.length;
        if (!isSame || makers.some((maker, place) => !isSameMaker(maker, view.makers[place] ?? null))) {
          view.makers = makers;
        }
      },
      settled: (isSettled) => (view.isSettled = isSettled),
      paints: () => paints,
      reducedMotion: () => reducedMotion.value,
    });
    cleanUps.push(
      () => {
        viewport.close();
        scene.close();
        drawing.close();
        view.commands = null;
      },
      layHands(surface, {
        viewport,
        hovered: (at) => {
          // The loupe stays where the pointer left it.
          if (at !== null || content.value?.layout.kind !== 'loupe') {
            viewport.hover(at);
          }
          view.cursor = at && doc.photo ? viewport.sourceAt(at) : null;
        },
        doubled: () => {
          if (view.isFitted && view.camera) viewport.zoomTo(closerZoom(view.camera.zoom, doc.scale));
          else viewport.fit();
        },
      }),
      followSize(surface, (size, ratio) => {
        paints = readPaints(surface);
        view.canvas = { width: size.width, height: size.height, pixelRatio: ratio };
        viewport.resize(size, ratio);
      }),
      watch(content, (next, before) => {
        if (next?.layers !== before?.layers) {
          told(NO_FACTS);
        }
        viewport.show(next);
      }),
      watch(
        () => doc.photos,
        (next, before) => {
          const open = new Set(next.map((photo) => photo.photo));
          for (const old of before) if (!open.has(old.photo)) scene.forgetPhoto(old.photo);
        },
      ),
      watch(limitBytes, (bytes) => (scene.limitBytes = bytes)),
      watch(
        () => settings.theme,
        () => {
          paints = readPaints(surface);
          viewport.invalidate();
        },
        { flush: 'post' },
      ),
    );
    view.commands = {
      fit: () => viewport.fit(),
      step: (direction) => viewport.step(direction),
      zoomTo: (zoom) => viewport.zoomTo(zoom),
      focus: () => surface.focus(),
      fly: (part) => viewport.fly(part),
      retry: () => scene.retry(),
    };
    viewport.show(content.value);
  };
  onMounted(() => {
    void mount(canvas.value!).catch((thrown: unknown) => {
      graphics.value = 'none';
      throw thrown;
    });
  });

  return { graphics };
}

const isSameFacts = (a: readonly LayerFacts[], b: readonly LayerFacts[]): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

/** What the document and the view ask to be shown. */
function useContent(): Ref<SceneContent | null> {
  const doc = useDocument();
  const photos = usePhotos();
  const compare = useCompare();
  const viewWork = useViewWork();
  return computed<SceneContent | null>((before) => {
    const next = compare.arrangement;
    if (!next) {
      // A photo that is being opened again stays on screen meanwhile; one that cannot be opened does not.
      const isReturning =
        doc.photo?.photo === before?.layers[0]?.photo.photo && !photos.troubles.has(doc.photo?.photo ?? '');
      return before && isReturning ? before : null;
    }
    // The same layers while they say the same: cards are read anew often, and what is looked at stays.
    const layers = before && areSame(before.layers, next.layers) ? before.layers : next.layers;
    const { layout } = next;
    const { isStopped } = viewWork;
    const isSameWork = layers === before?.layers && isStopped === before.isStopped;
    if (isSameWork && isSameLayout(before.layout, layout)) return before;
    return { layers, layout, link: 'together', isStopped };
  });
}

const isSameLayout = (a: Layout, b: Layout): boolean => JSON.stringify(a) === JSON.stringify(b);

const areSame = (a: readonly LayerRequest[], b: readonly LayerRequest[]): boolean =>
  a.length === b.length && a.every((one, place) => isSameRequest(one, b[place]!));

const isSameRequest = (a: LayerRequest, b: LayerRequest): boolean =>
  a.photo === b.photo &&
  a.method.id === b.method.id &&
  a.method.sum === b.method.sum &&
  optionsKey(a.options) === optionsKey(b.options) &&
  a.shows === b.shows &&
  a.isSlow === b.isSlow;

/**
 * One notice for as long as something cannot be shown. A photo that cannot be read has its sentence where the
 * photo would be, and no other method helps.
 */
function useFaultNotice(): (fault: Fault | null) => void {
  const doc = useDocument();
  const notices = useNotices();
  const view = useView();
  return (fault) => {
    notices.clear('view');
    if (!fault || (fault.code === 'unreadable-image' && !view.hasPixels)) return;
    const isOtherThere = doc.methodId !== 'bicubic';
    const next = { label: 'notice.otherMethod', run: () => doc.setMethod('bicubic') };
    if (isOtherThere) notices.add({ place: 'view', fault, next });
    else notices.add({ place: 'view', fault });
  };
}
