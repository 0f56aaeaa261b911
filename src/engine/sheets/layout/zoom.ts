/**
 * How large a picture of `pixels` is drawn where there is room for `room` dots, both 1 or more: as many times
 * its size as fit, on whole dots; or, where it has more pixels than there are dots, a whole part of it
 * (`zoom` 1/2, 1/3, ...: each dot is the mean of 2 x 2, 3 x 3, ... pixels).
 */
export function fittingZoom(pixels: number, room: number): number {
  return room >= pixels ? Math.floor(room / pixels) : 1 / Math.ceil(pixels / room);
}

/** Dots that `pixels` take at a zoom of `fittingZoom`; at least one. */
export const drawnLength = (pixels: number, zoom: number): number =>
  Math.max(1, Math.ceil(pixels * zoom - 1e-9));

/** At most this part of the room that a picture could have is left over by whole dots. */
const WASTE_MAX = 0.06;
/** Times the least density; beyond it files only grow. */
const FINEST = 2;

/**
 * How many times the least density is taken, so that pictures of whole dots fill the room that they have:
 * the first multiple at which every picture (`pixels` in `room` dots of the least density) leaves no more than
 * WASTE_MAX of it, else the one that leaves the least.
 */
export function densityFactor(
  pictures: readonly { readonly pixels: number; readonly room: number }[],
): number {
  const waste = (factor: number): number =>
    Math.max(
      0,
      ...pictures.map(({ pixels, room }) => {
        const dots = Math.max(1, Math.floor(room * factor));
        return 1 - drawnLength(pixels, fittingZoom(pixels, dots)) / dots;
      }),
    );
  const factors = Array.from({ length: FINEST }, (_, k) => k + 1);
  const enough = factors.find((factor) => waste(factor) <= WASTE_MAX);
  return enough ?? factors.reduce((best, factor) => (waste(factor) < waste(best) - 1e-9 ? factor : best));
}
