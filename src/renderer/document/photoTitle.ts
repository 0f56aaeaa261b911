import { EMBEDDED, type PhotoInfo } from '../../shared/contract';
import { stemOf } from '../../shared/fileName';

type Named = Pick<PhotoInfo, 'name' | 'page'>;

/** A photo's file, and which picture of it where that is not the first. */
export const photoTitle = ({ name, page }: Named): string =>
  page === 1 ? name : `${name} (${page === EMBEDDED ? 'JPEG' : page})`;

/** What files made of a photo are named after, as the terminal names them. */
export const photoStem = ({ name, page }: Named): string => {
  const stem = stemOf(name) || 'enlargement';
  return page === 1 ? stem : page === EMBEDDED ? `${stem}-${EMBEDDED}` : `${stem}-p${page}`;
};
