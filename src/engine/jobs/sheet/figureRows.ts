import type { SheetDocument } from '../../../shared/sheet';
import type { Row } from '../../sheets/content';
import type { Line } from '../../sheets/drawing';
import { figureLines, opinionLines, type Fidelity, type Figures } from '../../sheets/figures';

/** Figures of one crop by one method at one scale. */
export interface CropFigures {
  readonly crop: number;
  readonly method: number;
  readonly scale: number;
  readonly figures: Figures;
}

/** Figures of a whole photo by one method at one scale. */
export interface WholeFigures {
  readonly photo: number;
  readonly method: number;
  readonly scale: number;
  readonly figures: Fidelity;
}

/** Rows with their figures and opinions: the best of each crop and scale is found among all methods. */
export function withLines(
  rows: readonly Row[],
  document: SheetDocument,
  whole: readonly WholeFigures[],
  crops: readonly CropFigures[],
): Row[] {
  const { figures: showsFigures, opinions: kind } = document.style;
  const count = document.methods.length;
  const opinions = (photo: number, scale: number): Line[][] =>
    kind === undefined
      ? document.methods.map(() => [])
      : opinionLines(
          kind,
          document.methods.map((_, m) =>
            document.opinions?.find((one) => one.photo === photo && one.method === m && one.scale === scale),
          ),
        );
  const perMethod = (some: readonly { method: number; figures: Figures }[]): (Figures | null)[] =>
    Array.from({ length: count }, (_, m) => some.find(({ method }) => method === m)?.figures ?? null);
  const cropLines = (c: number, scale: number): Line[][] =>
    figureLines(perMethod(crops.filter((one) => one.crop === c && one.scale === scale)));
  const wholeLines = (photo: number, scale: number): Line[][] =>
    figureLines(perMethod(whole.filter((one) => one.photo === photo && one.scale === scale)));
  const isLadder = document.layout === 'ladder';
  // On a sheet of blocks what is true of a photo is said once.
  const saysWhole = (c: number): boolean =>
    document.layout !== 'paper' ||
    document.crops.findIndex(({ photo }) => photo === document.crops[c]!.photo) === c;
  return rows.map((row, r) => {
    const c = isLadder ? Math.floor(r / count) : r;
    const { photo } = document.crops[c]!;
    return {
      ...row,
      cells: row.cells.map((cell, k) => {
        if (k === 0) return cell;
        const method = isLadder ? r % count : k - 1;
        const scale = isLadder ? document.scales[k - 1]! : document.scales[0]!;
        return {
          ...cell,
          whole: showsFigures && saysWhole(c) ? wholeLines(photo, scale)[method]! : [],
          crop: showsFigures ? cropLines(c, scale)[method]! : [],
          opinion: saysWhole(c) ? opinions(photo, scale)[method]! : [],
        };
      }),
    };
  });
}
