import type { Rect, Size, Space } from '../../shared/geometry';

/**
 * A real position. The phantom `space` keeps apart what is counted in photo pixels (`source`, the photo's top
 * left corner at 0, 0), in pixels of an enlargement (`output`) and in device pixels of the canvas or of a pane
 * (`screen`, from its top left corner): one is not accepted where another is meant.
 */
export interface Point<S extends Space = Space> {
  readonly x: number;
  readonly y: number;
  readonly space?: S;
}

export type SourcePoint = Point<'source'>;
export type OutputPoint = Point<'output'>;
export type ScreenPoint = Point<'screen'>;

export const middleOf = ({ width, height }: Size): ScreenPoint => ({ x: width / 2, y: height / 2 });

/** Whether a position lies in a rectangle: its first edges belong to it, its last ones to its neighbours. */
export const isInside = <S extends Space>({ x, y }: Point<S>, r: Rect<S>): boolean =>
  x >= r.x && y >= r.y && x < r.x + r.width && y < r.y + r.height;
