import { computed, type ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import type { MethodOptions } from '../../shared/contract';
import { useQuantities } from '../locales/useQuantities';
import { ORIGINAL_METHOD, useCompare, type TrayItem } from '../stores/compare';
import { useDocument } from '../stores/document';
import { useMethods } from '../stores/methods';
import { useView } from '../stores/view';
import { estimateSeconds } from './methodList';
import { useSettingsOn } from './useSettingsOn';

/** What is said of a layer that is compared. */
export interface LayerLabel {
  readonly item: TrayItem | null;
  readonly name: string;
  /** `×4.37`, or that the photo is shown reduced. */
  readonly scale: string;
  /** How long it takes for the whole photo at its scale; empty: not known, or nothing to wait for. */
  readonly seconds: string;
  /** What is on screen until it is there, or how much of it is. */
  readonly meanwhile: string;
  /** 0 to 1: how much of what is on screen is final. */
  readonly share: number;
}

/** A method with the settings that are on in it. */
function useNameWith(): (methodId: string, options: MethodOptions) => string {
  const methods = useMethods();
  const settingsOn = useSettingsOn();
  return (methodId, options) => [methods.nameOf(methodId), ...settingsOn(options)].join(', ');
}

/** The name of a tray's item: a method with what is on in it, or that it is turned otherwise; or the original. */
export function useItemName(): (item: TrayItem) => string {
  const { t } = useI18n();
  const nameWith = useNameWith();
  const settingsOn = useSettingsOn();
  return ({ methodId, isTurned, options }) => {
    if (methodId === null) return t('compare.original');
    const name = nameWith(methodId, options);
    return isTurned && settingsOn(options).length === 0 ? t('compare.otherwise', { name }) : name;
  };
}

/** A label for each layer of the arrangement, by its place. */
export function useLayerLabels(): ComputedRef<readonly LayerLabel[]> {
  const { t } = useI18n();
  const { number, duration } = useQuantities();
  const compare = useCompare();
  const doc = useDocument();
  const methods = useMethods();
  const view = useView();
  const itemName = useItemName();
  const nameWith = useNameWith();

  function secondsOf(id: string, options: MethodOptions): string {
    const card = methods.byId.get(id);
    const seconds = card && doc.size && estimateSeconds(card, doc.scale, doc.size.megapixels, options);
    return seconds === null || seconds === undefined ? '' : duration(seconds);
  }

  return computed(() =>
    compare.plan.layers.map((item, place): LayerLabel => {
      const zoom = view.camera?.zoom ?? 1;
      const { isReduced } = view;
      const scale = isReduced ? t('status.reduced') : `×${number(zoom, 2)}`;
      const { done, total, hasFailed } = view.layers[place] ?? { done: 0, total: 0, hasFailed: false };
      const share = total === 0 ? 0 : done / total;
      if (compare.isOriginalHeld) {
        return { item: null, name: t('compare.original'), scale, seconds: '', meanwhile: '', share };
      }
      const wanted = item ? (item.methodId ?? ORIGINAL_METHOD) : doc.methodId;
      const name = item ? itemName(item) : nameWith(wanted, doc.options);
      const shown = view.makers[place]?.method.id;
      let meanwhile = '';
      if (hasFailed) meanwhile = t('compare.failed');
      else if (!isReduced && shown !== undefined && shown !== wanted) {
        meanwhile = t('compare.meanwhile', { method: methods.nameOf(shown) });
      } else if (!isReduced && share < 1 && total > 0) meanwhile = t('status.tiles', { done, total });
      const options = item?.options ?? doc.options;
      const seconds = item?.methodId === null ? '' : secondsOf(wanted, options);
      return { item, name, scale, seconds, meanwhile, share };
    }),
  );
}
