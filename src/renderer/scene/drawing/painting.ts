import type { Rect, Size } from '../../../shared/geometry';
import type { Draw, Quad, Shading } from '../drawPlan';
import type { Edges } from '../seen';

/** A tile that was given to the drawing, by its number: what is drawn is told by these alone. */
export type TilePicture = number;

/** What the drawing takes from the theme; colours and greys are display-encoded, 0 to 1. */
export interface Paints {
  /** Side of a square of the checkerboard, device pixels, and its two greys. */
  readonly squarePixels: number;
  readonly greys: readonly [number, number];
  /** What black and white become under a map of what was invented, and its colours for some and for much. */
  readonly dim: readonly [number, number];
  readonly warm: readonly [number, number, number];
  readonly hot: readonly [number, number, number];
}

/** A quad as it is drawn: what it is of stays with the plan. */
export interface PaintedQuad extends Edges {
  readonly picture: TilePicture;
  readonly exact: boolean;
  readonly shading: Shading;
  readonly opacity: number;
}

/** A `Draw` of the plan with nothing but what drawing it takes. */
export type PaintedDraw =
  | { readonly kind: 'layer'; readonly clip: Rect<'screen'>; readonly quads: readonly PaintedQuad[] }
  | {
      readonly kind: 'difference';
      readonly clip: Rect<'screen'>;
      readonly quads: readonly [readonly PaintedQuad[], readonly PaintedQuad[]];
      readonly gain: number;
      readonly isSigned: boolean;
    };

/** All of one frame: plain data, which crosses to a worker as it is. */
export interface Painting {
  /** Device pixels. */
  readonly canvas: Size;
  /** First to last. */
  readonly draws: readonly PaintedDraw[];
  readonly paints: Paints;
}

const painted = (quads: readonly Quad<TilePicture>[]): PaintedQuad[] =>
  quads.map(({ tile: { picture }, left, top, right, bottom, exact, shading, opacity }) => ({
    picture,
    left,
    top,
    right,
    bottom,
    exact,
    shading,
    opacity,
  }));

/** What of a frame's plan the drawing is told. */
export const paintingOf = (canvas: Size, draws: readonly Draw<TilePicture>[], paints: Paints): Painting => ({
  canvas,
  draws: draws.map((draw) =>
    draw.kind === 'layer'
      ? { kind: 'layer', clip: draw.clip, quads: painted(draw.quads) }
      : { ...draw, quads: [painted(draw.quads[0]), painted(draw.quads[1])] },
  ),
  paints,
});
