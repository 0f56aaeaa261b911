import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** As many photos as a user who tries it may have; one of them is kept aside. */
const PHOTOS = 6;

/** Photos of one subject in the project's training photographs (../shared/data/train), by their file names. */
export const GROUPS = {
  // Diagrams of CID22: thin lines and small letters on white.
  charts: ['cid22-158', 'cid22-159', 'cid22-161', 'cid22-163', 'cid22-165', 'cid22-169'],
  // Coasts of one collection of wallpapers.
  coasts: ['pexels-001', 'pexels-002', 'pexels-003', 'pexels-004', 'pexels-006', 'pexels-007'],
};

/** The files of a group, or the first six pictures of any other folder; a sentence where there are fewer. */
export async function photosOf(group, folder) {
  const names = (await readdir(folder).catch(() => [])).filter((name) =>
    /\.(avif|jpe?g|png|webp|tiff?)$/i.test(name),
  );
  const wanted = GROUPS[group];
  const found = wanted
    ? names.filter((name) => wanted.some((stem) => name.startsWith(`${stem}.`)))
    : names.slice(0, PHOTOS);
  if (found.length < PHOTOS)
    throw new Error(`Expected ${PHOTOS} photos in ${folder}, found ${found.length}.`);
  return found.sort().map((name) => join(folder, name));
}
