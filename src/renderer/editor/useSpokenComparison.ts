import { computed, watch } from 'vue';
import { useI18n } from 'vue-i18n';
import { useCompare } from '../stores/compare';
import { useDocument } from '../stores/document';
import { useNotices } from '../stores/notices';
import { useItemName } from './useLayerLabels';

/** Tells a screen reader how methods are compared and which of them is in front, whenever that changes. */
export function useSpokenComparison(): void {
  const { t } = useI18n();
  const compare = useCompare();
  const doc = useDocument();
  const notices = useNotices();
  const itemName = useItemName();

  const nameAt = (place: number): string => {
    const item = compare.items[place];
    return item ? itemName(item) : '';
  };
  const spoken = computed((): string => {
    const { kind, pair, active, items } = compare;
    if (kind === 'single' || items.length < 2) return t('compare.spoken.single');
    const names = items.map(itemName).join(', ');
    if (kind === 'grid') return t('compare.spoken.grid', { names });
    if (kind === 'flip' || kind === 'loupe')
      return t(`compare.spoken.${kind}`, { front: nameAt(active), names });
    if (!pair) return '';
    return t(`compare.spoken.${kind}`, { before: nameAt(pair[0]), after: nameAt(pair[1]) });
  });
  watch(spoken, (sentence) => {
    // What flips by itself would never let another word through; another photo is told by its own.
    if (sentence !== '' && doc.photo && !compare.isBlinking) notices.say(sentence);
  });
  watch(
    () => compare.isOriginalHeld,
    (isHeld) => {
      if (isHeld) notices.say(t('compare.original'));
    },
  );
}
