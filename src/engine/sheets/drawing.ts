import type { Size } from '../../shared/geometry';

/**
 * A sheet as it is drawn: boxes, pictures and texts in dots of one density, from the upper left. Pictures lie on
 * whole dots. Every file that a sheet becomes is written from this alone, so they all show the same.
 */
export interface Drawing extends Size {
  /** Dots an inch. */
  readonly density: number;
  /** `#rrggbb`; null: nothing is behind it. */
  readonly background: string | null;
  readonly items: readonly Item[];
}

export type Item = Picture | Box | Disc | Text;

/** A picture stretched to a rectangle of whole dots. */
export interface Picture extends Size {
  readonly kind: 'picture';
  /** Between its pixels too, for a photo that is only looked at; crops show their pixels as they are. */
  readonly smooth: boolean;
  /** Its key among the sheet's pictures. */
  readonly picture: string;
  readonly x: number;
  readonly y: number;
  /** What it shows, for those who cannot see it. */
  readonly says: string;
}

export interface Box extends Size {
  readonly kind: 'box';
  readonly x: number;
  readonly y: number;
  /** Absent: only a line around it. */
  readonly fill?: string;
  /** A line of this many dots inside the rectangle. */
  readonly line?: { readonly colour: string; readonly dots: number };
}

/** A point of a plot. */
export interface Disc {
  readonly kind: 'disc';
  /** Of its middle. */
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly fill: string;
}

export type Weight = 'regular' | 'bold';

export interface Span {
  readonly text: string;
  readonly weight?: Weight;
  /** Second best. */
  readonly underlined?: boolean;
  readonly muted?: boolean;
}
/** What stands on one line. */
export type Line = readonly Span[];

export interface Text {
  readonly kind: 'text';
  /** Of its beginning, or of its middle. */
  readonly x: number;
  readonly anchor: 'start' | 'middle';
  /** Of the line that letters stand on. */
  readonly baseline: number;
  /** Height of an em in dots. */
  readonly size: number;
  readonly spans: readonly ColouredSpan[];
}

export interface ColouredSpan {
  readonly text: string;
  readonly weight: Weight;
  readonly underlined: boolean;
  readonly colour: string;
}

/** Points of typography: 72 to the inch. */
export const POINTS_PER_INCH = 72;
export const MM_PER_INCH = 25.4;

/** How wide a text is, in ems. */
export type Measure = (text: string, weight: Weight) => number;

export const lineWidth = (line: Line, measure: Measure): number =>
  line.reduce((sum, { text, weight }) => sum + measure(text, weight ?? 'regular'), 0);

/** A span with its place on the sheet. */
export interface PlacedSpan extends ColouredSpan {
  readonly x: number;
  readonly baseline: number;
  readonly size: number;
  /** In dots. */
  readonly width: number;
}

/** Where the spans of a text begin. */
export function placed({ x, anchor, baseline, size, spans }: Text, measure: Measure): PlacedSpan[] {
  const widths = spans.map(({ text, weight }) => measure(text, weight) * size);
  let at = anchor === 'start' ? x : x - widths.reduce((sum, width) => sum + width, 0) / 2;
  return spans.map((span, k) => {
    const here = { ...span, x: at, baseline, size, width: widths[k]! };
    at += widths[k]!;
    return here;
  });
}

/** The line under a span, as a box. */
export const underlineOf = ({ x, baseline, size, width, colour }: PlacedSpan): Box => ({
  kind: 'box',
  x,
  y: baseline + size * 0.14,
  width,
  height: size * 0.06,
  fill: colour,
});

/** A picture's own pixels: red, green and blue of 8 bits, interleaved, sRGB. */
export interface SheetPicture extends Size {
  readonly rgb: Uint8Array<ArrayBuffer>;
}
export type SheetPictures = ReadonlyMap<string, SheetPicture>;
