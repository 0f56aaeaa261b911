import { computed } from 'vue';
import { useCompare } from '../stores/compare';
import { useDocument } from '../stores/document';
import { useView } from '../stores/view';
import { arrange } from '../scene/panes/layout';
import { isRuled, rulerOf, type PaneRuler } from '../scene/rulers';

/** The rulers of all panes that show the photo; the pictures of a loupe have none. */
export function useRulers() {
  const compare = useCompare();
  const doc = useDocument();
  const view = useView();

  const ruled = computed(() => {
    const { camera, canvas } = view;
    if (!camera || !doc.photo) return [];
    return arrange(compare.plan.layout, canvas, compare.plan.layers.length)
      .filter(({ follows, rect }) => !follows && isRuled(rect, camera, canvas.pixelRatio))
      .map(({ rect }) => rect);
  });
  const rulers = computed((): PaneRuler[] => {
    const { camera, canvas } = view;
    const { photo } = doc;
    if (!camera || !photo) return [];
    return ruled.value.map((pane) => rulerOf(pane, camera, photo, canvas.pixelRatio));
  });
  /** Panes have one size, so that all of them are ruled or none: what lies in their corners makes room then. */
  const isAnyRuled = computed(() => ruled.value.length > 0);
  return { rulers, isAnyRuled };
}
