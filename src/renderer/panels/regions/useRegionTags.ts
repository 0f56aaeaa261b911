import { computed, onMounted, ref, type Ref } from 'vue';
import type { DocumentRegion } from '../../document/document';
import type { Frame } from '../../document/regionShape';
import { useQuantities } from '../../locales/useQuantities';
import { RULER_WIDTH } from '../../scene/rulers';
import { useRulers } from '../../editor/useRulers';
import { useCompare } from '../../stores/compare';
import { useRegions } from '../../stores/regions';
import { placeTags, type Box, type PlacedTag } from './tagLayout';
import { tagWidths, textMeter } from './tagText';

/** Between a method's label and its pane's edges, and to what lies below it: CSS pixels. */
const LABEL_AWAY = 10;

/** What the tags of regions say, and where they lie in a pane. `root`: an element with their type. */
export function useRegionTags(root: Ref<HTMLElement | null>) {
  const compare = useCompare();
  const regions = useRegions();
  const { number } = useQuantities();
  const { isAnyRuled } = useRulers();

  const font = ref('12px sans-serif');
  const labelHeight = ref(24);
  onMounted(() => {
    const style = getComputedStyle(root.value!);
    const { fontWeight, fontSize, fontFamily } = style;
    if (fontFamily) font.value = `${fontWeight} ${fontSize} ${fontFamily}`;
    labelHeight.value = Number.parseFloat(style.getPropertyValue('--small')) || labelHeight.value;
  });
  const measure = computed(() => textMeter(font.value));

  const scaleText = (region: DocumentRegion): string => `×${number(regions.scaleOf(region), 2)}`;
  /** What rulers and the labels of methods, which lie over the tags, leave of a pane. */
  const roomIn = (width: number, height: number): Box => {
    const ruler = isAnyRuled.value ? RULER_WIDTH : 0;
    const label = compare.plan.layers.length > 1 ? LABEL_AWAY + labelHeight.value : 0;
    return { left: ruler, top: ruler + label, right: width, bottom: height };
  };
  /** Where the tags lie in a pane of this size, CSS pixels from its corner, as are the frames. */
  function tagsIn(frames: readonly Frame[], width: number, height: number): ReadonlyMap<string, PlacedTag> {
    const tagged = regions.list.map((region) => ({
      frame: frames.find(({ id }) => id === region.id)!,
      ...tagWidths(measure.value, region.name, scaleText(region)),
    }));
    return placeTags(tagged, regions.chosen?.id ?? null, roomIn(width, height));
  }
  return { scaleText, tagsIn };
}
