import { computed } from 'vue';
import type { Frame } from '../../document/regionShape';
import { isInside, type ScreenPoint, type SourcePoint } from '../../scene/coordinates';
import type { Camera } from '../../scene/camera';
import { photoCorner, sourceIn } from '../../scene/cameras';
import { arrange } from '../../scene/panes/layout';
import { useCompare } from '../../stores/compare';
import { useRegions } from '../../stores/regions';
import { useView } from '../../stores/view';

const START: Camera = { zoom: 1, x: 0, y: 0 };

/** Where the regions lie on the canvas, device pixels, in every pane that shows the photo. */
export function useRegionFrames() {
  const compare = useCompare();
  const regions = useRegions();
  const view = useView();

  const panes = computed(() =>
    arrange(compare.plan.layout, view.canvas, compare.plan.layers.length)
      .filter(({ follows }) => !follows)
      .map(({ rect }) => {
        const camera = view.camera ?? START;
        const origin = photoCorner(rect, camera);
        const frames = regions.list.map(({ id, rect: own }): Frame => ({
          id,
          left: origin.x + Math.round(own.x * camera.zoom),
          top: origin.y + Math.round(own.y * camera.zoom),
          right: origin.x + Math.round((own.x + own.width) * camera.zoom),
          bottom: origin.y + Math.round((own.y + own.height) * camera.zoom),
        }));
        return { rect, frames };
      }),
  );
  /** What lies over the photo at the cursor, as the pictures of a loupe: regions do not show there. Device pixels. */
  const covered = computed(() =>
    arrange(compare.plan.layout, view.canvas, compare.plan.layers.length, view.pointer)
      .filter(({ follows }) => follows)
      .map(({ rect }) => rect),
  );
  const paneAt = (at: ScreenPoint) => panes.value.find(({ rect }) => isInside(at, rect)) ?? null;
  /** The point of the photo under a position, in the pane of `from`: a hand may leave the pane where it began. */
  const sourceAt = (at: ScreenPoint, from: ScreenPoint): SourcePoint | null => {
    const pane = paneAt(from);
    return pane && view.camera && sourceIn(pane.rect, view.camera, at);
  };
  return { panes, covered, paneAt, sourceAt };
}
