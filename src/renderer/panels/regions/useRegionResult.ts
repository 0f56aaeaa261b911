import { useI18n } from 'vue-i18n';
import { faultOf } from '../../../shared/faults';
import { setWhat } from '../../document/exports';
import { sizeOf } from '../../document/exportPlan';
import type { DocumentRegion } from '../../document/document';
import { useEngine } from '../../engine/connect';
import { useExportPlan } from '../../editor/useExportPlan';
import { useQuantities } from '../../locales/useQuantities';
import { captureRegion } from '../../scene/captureRegion';
import { feedOf } from '../../scene/feed';
import { useDocument } from '../../stores/document';
import { useMethods } from '../../stores/methods';
import { useNotices } from '../../stores/notices';
import { useRegions } from '../../stores/regions';
import { useWorkspace } from '../../stores/workspace';

/** The most that is put into a clipboard, megapixels: other programs take no more. */
const CLIPBOARD_MEGAPIXELS = 50;

/** What becomes of regions: files, or a picture in the clipboard. */
export function useRegionResult() {
  const { t } = useI18n();
  const { megapixels, sentence } = useQuantities();
  const engine = useEngine();
  const doc = useDocument();
  const methods = useMethods();
  const notices = useNotices();
  const regions = useRegions();
  const workspace = useWorkspace();
  const { planOf } = useExportPlan();

  /** Opens the export of regions. */
  function exportRegions(what: 'chosen-regions' | 'all-regions'): void {
    doc.commit(setWhat(what));
    if (planOf(doc.present).length > 0) workspace.isExporting = true;
  }

  async function picture(region: DocumentRegion): Promise<Blob> {
    const photo = regions.photo!;
    const id = regions.methodOf(region);
    const sum = methods.byId.get(id)?.sum;
    const enlargement = {
      photo: photo.info.photo,
      method: { id, ...(sum !== undefined && { sum }) },
      scale: regions.scaleOf(region),
      options: regions.optionsIn(region),
    };
    const layer = { enlargement, shows: 'enlargement' as const };
    const { signal } = new AbortController();
    const canvas = await captureRegion(feedOf(engine), layer, region.rect, photo.info, signal);
    return new Promise((resolve, reject) =>
      canvas.toBlob(
        (blob) => (blob ? resolve(blob) : reject(new Error('No picture was made.'))),
        'image/png',
      ),
    );
  }

  /** Copies a region's enlargement as a picture, in its own method and scale. */
  async function copy(region: DocumentRegion): Promise<void> {
    if (!regions.photo) return;
    const { width, height } = sizeOf(regions.photo, region, regions.scaleOf(region));
    if ((width * height) / 1e6 > CLIPBOARD_MEGAPIXELS) {
      const limit = megapixels(CLIPBOARD_MEGAPIXELS);
      notices.add({ place: 'export', message: t('regions.copyTooLarge', { limit }), passes: true });
      return;
    }
    try {
      // The picture is promised: the clipboard must be asked while the user's press is fresh.
      await navigator.clipboard.write([new ClipboardItem({ 'image/png': picture(region) })]);
      const words = { name: region.name, width, height };
      notices.add({ place: 'export', message: t('regions.copied', words), passes: true });
    } catch (thrown) {
      const isRefused = thrown instanceof DOMException;
      const message = isRefused ? t('regions.copyRefused') : sentence(faultOf(thrown));
      notices.add({ place: 'export', message, passes: true });
    }
  }

  return { exportRegions, copy };
}
