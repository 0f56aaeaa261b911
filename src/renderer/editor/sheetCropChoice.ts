import { chosenCrops, type SheetDesign, type SheetSubject } from './sheetDesign';

/** Whose crops a sheet shows: the program's, or the user's own. */
export type CropChoice = SheetDesign['crops'];

/**
 * What was chosen where: own crops lie on one photo and say nothing of the next, so each photo has its choice, and
 * the grid, which shows all of them, another.
 */
export interface CropChoices {
  /** The user's last, whichever photo it was made on: where nothing was chosen it counts if there are own crops. */
  readonly last: CropChoice;
  readonly grid: CropChoice | null;
  /** By tokens. */
  readonly photos: Readonly<Record<string, CropChoice>>;
}

export const NO_CHOICES: CropChoices = { last: 'proposed', grid: null, photos: {} };

/** The choice that holds for a sheet of these photos; nobody is left with own crops of a photo that has none. */
export function cropChoiceOf(
  { last, grid, photos }: CropChoices,
  design: SheetDesign,
  subjects: readonly SheetSubject[],
): CropChoice {
  const made = (photo: string): CropChoice | null => photos[photo] ?? null;
  const own = design.layout === 'grid' ? grid : made(subjects[0]?.info.photo ?? '');
  if (own !== null) return own;
  const haveOwn = subjects.every(
    (subject) => (made(subject.info.photo) ?? last) === 'chosen' && chosenCrops(design, subject).length > 0,
  );
  return haveOwn && subjects.length > 0 ? 'chosen' : 'proposed';
}
