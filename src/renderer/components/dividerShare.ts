/** How a divider stands: an upright one is moved along the width. */
export type DividerAxis = 'vertical' | 'horizontal';

const within = (share: number): number => Math.min(1, Math.max(0, share));

/** Where a pointer is in a box, as a share of the side that a divider is moved along. */
export const shareAt = (
  { clientX, clientY }: Pick<PointerEvent, 'clientX' | 'clientY'>,
  box: Pick<DOMRect, 'left' | 'top' | 'width' | 'height'>,
  axis: DividerAxis,
): number =>
  within(
    axis === 'vertical'
      ? (clientX - box.left) / Math.max(1, box.width)
      : (clientY - box.top) / Math.max(1, box.height),
  );

/** Where a key brings a divider: an arrow by a step, Home and End to the edges; null: the key means nothing to it. */
export function shareByKey(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>,
  at: number,
  step: number,
  axis: DividerAxis,
): number | null {
  const [less, more] = axis === 'vertical' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
  const places: Partial<Record<string, number>> = {
    [less]: at - step,
    [more]: at + step,
    Home: 0,
    End: 1,
  };
  const place = places[event.key];
  return place === undefined || event.ctrlKey || event.metaKey || event.altKey ? null : within(place);
}
