import type { Size } from '../../shared/geometry';
import type { Region } from '../../shared/enlargement';
import type { SheetLayout, SheetStyle } from '../../shared/sheet';
import type { Tradeoff } from '../../shared/tradeoff';
import type { Line } from './drawing';

/** What is on a sheet, by its sizes: all that the layout needs to know, and no pixels. */
export interface SheetContent {
  readonly layout: SheetLayout;
  readonly style: SheetStyle;
  /** Says with what the sheet can be made again. */
  readonly caption: string;
  readonly rows: readonly Row[];
  /** A plot of methods below the crops. */
  readonly tradeoff?: Tradeoff;
}

/** A crop, and what each method made of it; in a ladder what one method made of it at each scale. */
export interface Row {
  readonly photo: PhotoPicture;
  /** Where the crop lies in the photo, its pixels. */
  readonly region: Region;
  /** The crops of the same photo, itself among them. */
  readonly neighbours: readonly Region[];
  readonly colour: string;
  /** What a row is called where rows are methods; absent: by its photo. */
  readonly name?: string;
  readonly cells: readonly Cell[];
}

export interface PhotoPicture extends Size {
  /** The key of its picture, which may have fewer pixels. */
  readonly picture: string;
  readonly name: string;
}

export interface Cell {
  /** The key of its picture. */
  readonly picture: string;
  /** Of the crop at its scale. */
  readonly size: Size;
  /** The key of how far it is from the truth. */
  readonly error?: string;
  readonly name: string;
  /** Figures of the whole photo. */
  readonly whole: readonly Line[];
  /** Figures of the crop. */
  readonly crop: readonly Line[];
  /** What blind comparisons say of the method. */
  readonly opinion?: readonly Line[];
  /** How long a bar is, in pixels of the crop, and what it stands for. */
  readonly bar?: { readonly pixels: number; readonly says: string };
}
