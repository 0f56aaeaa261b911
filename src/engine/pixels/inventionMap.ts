import { INVENTED_GAIN } from '../../shared/contract';
import type { Rect, Size } from '../../shared/geometry';
import { invent } from '../kernels/consistency/projection';
import { colourChannels, plane } from '../kernels/raster';
import { cutOut, type Window } from '../kernels/window';
import { finishAs, type Finish, type Finished, type FinishKind } from './finish';

/** A tile of an enlargement, and how much of each of its pixels the photo does not determine. */
export interface WithMap<K extends FinishKind> {
  readonly tile: Finished[K];
  /** One byte a pixel: the invented part, root mean square over the colours, `INVENTED_GAIN` times. */
  readonly map: Uint8Array<ArrayBuffer>;
  /** Sum over the tile's pixels of the squared invented part, values in [0, 1]. */
  readonly squares: number;
}

export interface MapOrder {
  /** The part of the photo that `projectionNeeds` names. */
  readonly source: Rect<'source'>;
  readonly photo: Size;
  readonly scale: number;
  readonly output: Rect<'output'>;
}

/** Finishes the tile `output` of `enlarged` (which holds what `projectionNeeds` asks for) and maps it. */
export function finishWithMap<K extends FinishKind>(
  enlarged: Window<'output'>,
  { source, photo, scale, output }: MapOrder,
  finish: Finish<K>,
): WithMap<K> {
  const needs = { source, enlarged: enlarged.rect };
  const invented = invent(enlarged.pixels, enlarged.rect, needs, photo, scale, output);
  const colours = colourChannels(invented);
  const map = new Uint8Array(output.width * output.height);
  let squares = 0;
  for (let i = 0; i < map.length; i++) {
    let sum = 0;
    for (let c = 0; c < colours; c++) sum += plane(invented, c)[i]! ** 2;
    squares += sum / colours;
    map[i] = Math.min(255, Math.round(255 * INVENTED_GAIN * Math.sqrt(sum / colours)));
  }
  return { tile: finishAs(cutOut(enlarged, output), finish), map, squares };
}
