import { useEventListener, watchDebounced } from '@vueuse/core';
import { computed, watch } from 'vue';
import { useI18n } from 'vue-i18n';
import { useQuantities } from '../locales/useQuantities';
import { useCompare } from '../stores/compare';
import { useDocument } from '../stores/document';
import { useMethods } from '../stores/methods';
import { useNotices } from '../stores/notices';
import { useView } from '../stores/view';
import { useViewWork } from '../stores/viewWork';

/** The photo has come to rest, milliseconds: no word for each key of many. */
const REST_MS = 400;

/** Tells a screen reader where keys have brought the view, and when all that is seen is final. */
export function useSpokenView(): void {
  const { t } = useI18n();
  const { number } = useQuantities();
  const compare = useCompare();
  const doc = useDocument();
  const methods = useMethods();
  const notices = useNotices();
  const view = useView();
  const work = useViewWork();
  let isByKeys = false;
  /** Told last, so that a place that is final at once is told once. */
  let said = '';
  const listen = { capture: true, passive: true } as const;
  useEventListener(window, 'keydown', () => (isByKeys = true), listen);
  useEventListener(window, ['pointerdown', 'wheel'], () => (isByKeys = false), listen);

  const place = computed((): string => {
    const { camera } = view;
    if (!camera || !doc.photo) return '';
    const zoom = Math.round(camera.zoom * 100);
    if (view.isFitted) return t('view.fittedSpoken', { zoom });
    return t('view.placeSpoken', { zoom, x: Math.round(camera.x), y: Math.round(camera.y) });
  });
  watchDebounced(
    place,
    (sentence) => {
      // Whoever moves it by hand sees it; what is final is told below.
      if (isByKeys && sentence !== '' && sentence !== said) notices.say(sentence);
      said = sentence;
    },
    { debounce: REST_MS },
  );
  watch(
    () => work.hasStopped,
    (hasStopped) => {
      if (hasStopped) notices.say(t('status.stopSpoken', { ...view.tiles }));
      else if (!view.isSharp) notices.say(t('status.goOnSpoken'));
    },
  );
  watch(
    () => view.isSharp,
    (isSharp) => {
      if (!isSharp || place.value === '') return;
      said = place.value;
      const method = methods.nameOf(doc.methodId);
      const final = compare.kind === 'single' ? t('status.finalSpoken', { method }) : `${t('status.final')}.`;
      const strength =
        view.invented === null ? [] : [t('status.strengthSpoken', { n: number(view.invented, 1) })];
      notices.say([place.value, final, ...strength].join(' '));
    },
  );
}
