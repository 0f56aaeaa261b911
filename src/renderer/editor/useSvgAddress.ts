import { useObjectUrl } from '@vueuse/core';
import { computed, type Ref } from 'vue';

/** An address under which an image shows an SVG for as long as the text stays the same; undefined: there is none. */
export function useSvgAddress(svg: () => string | undefined): Readonly<Ref<string | undefined>> {
  const text = computed(svg);
  return useObjectUrl(() =>
    text.value === undefined ? undefined : new Blob([text.value], { type: 'image/svg+xml' }),
  );
}
