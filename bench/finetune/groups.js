import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { drawPages } from './pages.js';

/** As many photos as a user who tries it may have. */
const PHOTOS = 6;
/** Which of six `enlarger finetune` keeps aside, from 0. */
const ASIDE = 3;

/**
 * Photos of one subject in the project's training photographs (../shared/data/train), by their file names: what is
 * learned from, and `aside` what is only measured. That one is among those on which no bundled network was ever
 * trained (training/data/validation.txt); the others are not, so what is gained is gained on what was never seen.
 */
export const GROUPS = {
  // Plots of CID22: thin lines and small letters on light grounds.
  charts: {
    learned: ['cid22-159', 'cid22-161', 'cid22-163', 'cid22-165', 'cid22-169'],
    aside: 'cid22-170',
  },
  // Coasts of one collection of wallpapers.
  coasts: {
    learned: ['pexels-001', 'pexels-002', 'pexels-003', 'pexels-004', 'pexels-006'],
    aside: 'pexels-014',
  },
};

/** The group that is drawn: pages of the project's own documentation. */
const PAGES = 'pages';
export const GROUP_NAMES = [...Object.keys(GROUPS), PAGES];

const isPicture = (name) => /\.(avif|jpe?g|png|webp|tiff?)$/i.test(name);

/** The files of a group, in the order in which the photo meant for it is the one kept aside; throws a sentence. */
async function photosOfGroup({ learned, aside }, folder) {
  const names = await readdir(folder).catch(() => []);
  return learned.toSpliced(ASIDE, 0, aside).map((stem) => {
    const found = names.find((name) => isPicture(name) && name.startsWith(`${stem}.`));
    if (found === undefined) throw new Error(`Expected ${stem} in ${folder}, found none.`);
    return join(folder, found);
  });
}

/**
 * Six photos of a group.
 * @param folder with the training photographs. @param docs with the documentation. @param drawn where pages are drawn.
 */
export async function photosOf(group, { folder, docs, drawn }) {
  if (group === PAGES) return drawPages(docs, drawn);
  const wanted = GROUPS[group];
  if (wanted) return photosOfGroup(wanted, folder);
  throw new Error(`Expected groups among ${GROUP_NAMES.join(', ')}, received ${group}.`);
}

/** The first six pictures of a folder. */
export async function photosIn(folder) {
  const names = (await readdir(folder).catch(() => [])).filter(isPicture).sort().slice(0, PHOTOS);
  if (names.length < PHOTOS)
    throw new Error(`Expected ${PHOTOS} photos in ${folder}, found ${names.length}.`);
  return names.map((name) => join(folder, name));
}
