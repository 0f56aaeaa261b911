import { useI18n } from 'vue-i18n';
import type { DocumentRegion } from '../../document/document';
import { grown, moved } from '../../document/regionShape';
import { useDocument } from '../../stores/document';
import { useNotices } from '../../stores/notices';
import { useRegions } from '../../stores/regions';
import { useView } from '../../stores/view';

/** Source pixels a key, and with Shift. */
const STEP = 1;
const FAR_STEP = 10;

/** What keys do to a region that has the keyboard, in the view and in the list alike. */
export function useRegionActions() {
  const { t } = useI18n();
  const doc = useDocument();
  const notices = useNotices();
  const regions = useRegions();
  const view = useView();
  const numbered = (n: number): string => t('regions.numbered', { n });

  /** Arrows move, with Alt they resize; what is held down is one step. True where the key was the region's. */
  function act(region: DocumentRegion, event: KeyboardEvent): boolean {
    const photo = regions.photo?.info;
    if (!photo) return false;
    const far = event.shiftKey ? FAR_STEP : STEP;
    const arrows: Partial<Record<string, readonly [number, number]>> = {
      ArrowLeft: [-far, 0],
      ArrowRight: [far, 0],
      ArrowUp: [0, -far],
      ArrowDown: [0, far],
    };
    const arrow = arrows[event.key];
    const mod = event.ctrlKey || event.metaKey;
    if (arrow && !mod) {
      const place = event.altKey
        ? grown(region.rect, ...arrow, photo, region.ratio)
        : moved(region.rect, ...arrow, photo);
      regions.dragTo(`region key ${region.id}`, region.id, place);
    } else if ((event.key === 'Delete' || event.key === 'Backspace') && !mod) remove(region);
    else if (event.code === 'KeyD' && mod) regions.duplicate(region.id, numbered);
    else if (event.key === 'Enter' && !mod) fly(region);
    else if (event.key === 'PageUp' && !mod) regions.order(region.id, 1);
    else if (event.key === 'PageDown' && !mod) regions.order(region.id, -1);
    else return false;
    event.preventDefault();
    return true;
  }
  function remove({ id, name }: DocumentRegion): void {
    regions.remove(id);
    notices.say(t('regions.removed', { name }));
  }
  function fly(region: DocumentRegion): void {
    regions.choose(region.id);
    view.commands?.fly(region.rect);
  }
  /** The keys are let go: one step, and a word of where it is now. */
  function settle(): void {
    if (!doc.isDragging) return;
    doc.letGo();
    if (regions.chosen)
      notices.say(t('regions.placed', { name: regions.chosen.name, ...regions.chosen.rect }));
  }
  return { act, fly, settle, numbered };
}
