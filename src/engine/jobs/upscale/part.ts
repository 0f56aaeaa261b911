import type { Region } from '../../../shared/enlargement';
import { FaultError } from '../../../shared/faults';
import {
  contains,
  outputRect,
  outputSize,
  placeText,
  wholeOf,
  type Rect,
  type Size,
} from '../../../shared/geometry';

/** The part of the enlargement that was ordered; the fault `bad-region` names the photo's size. */
export function orderedPart(
  region: Region | undefined,
  { name, width, height }: Size & { readonly name: string },
  scale: number,
): Rect<'output'> {
  const size = { width, height };
  if (!region) return wholeOf<'output'>(outputSize(size, scale));
  if (!contains(wholeOf(size), region)) {
    throw new FaultError(
      'bad-region',
      `Expected a region inside the ${width} x ${height} pixels of ${name}, ` +
        `received ${placeText(region)}.`,
      { file: name },
    );
  }
  return outputRect(region, size, scale);
}
