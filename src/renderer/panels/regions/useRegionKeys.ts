import { useEventListener } from '@vueuse/core';
import { nextTick, type Ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { amid } from '../../document/regionShape';
import { sourceIn } from '../../scene/cameras';
import { useDocument } from '../../stores/document';
import { useRegions } from '../../stores/regions';
import { useView } from '../../stores/view';
import { useWorkspace } from '../../stores/workspace';
import { useRegionFrames } from './useRegionFrames';

/**
 * Regions without a pointer: with the tool in the hand, Enter draws one in the middle of what is seen, and the
 * keyboard is on it then, to move and resize it. `view` is the element around the canvas.
 */
export function useRegionKeys(view: Ref<HTMLElement | null>): void {
  const { t } = useI18n();
  const doc = useDocument();
  const canvasView = useView();
  const regions = useRegions();
  const workspace = useWorkspace();
  const { panes } = useRegionFrames();

  async function draw(): Promise<void> {
    const [pane] = panes.value;
    const photo = regions.photo?.info;
    const { camera } = canvasView;
    if (!pane || !photo || !camera) return;
    const { rect } = pane;
    const corner = sourceIn(rect, camera, rect);
    const seen = { ...corner, width: rect.width / camera.zoom, height: rect.height / camera.zoom };
    const region = regions.fresh(amid(seen, photo), (n) => t('regions.numbered', { n }));
    regions.draw('region by key', region);
    doc.letGo();
    workspace.take('hand');
    await nextTick();
    view.value?.querySelector<HTMLElement>(`[data-region="${region.id}"]`)?.focus();
  }

  useEventListener(view, 'keydown', (event: KeyboardEvent) => {
    const hasModifier = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey;
    if (event.key !== 'Enter' || hasModifier || event.isComposing) return;
    if (workspace.tool !== 'region' || !(event.target instanceof HTMLCanvasElement)) return;
    event.preventDefault();
    void draw();
  });
}
