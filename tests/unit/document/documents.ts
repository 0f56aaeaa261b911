import type { PhotoInfo } from '../../../src/shared/contract';
import type { Command } from '../../../src/renderer/document/command';
import {
  addVariant,
  moveVariant,
  removeVariant,
  setCompareKind,
  setCompareView,
} from '../../../src/renderer/document/compare';
import {
  EMPTY,
  type DocumentRegion,
  type EditorDocument,
  type PhotoSettings,
} from '../../../src/renderer/document/document';
import {
  applyPreset,
  keepOf,
  setEncoding,
  setKeep,
  setNamePattern,
  setWhat,
} from '../../../src/renderer/document/exports';
import { closePhotos, movePhoto, openPhoto } from '../../../src/renderer/document/photos';
import {
  addRegion,
  orderRegion,
  placeRegion,
  removeRegions,
  renameRegion,
  setRegionOwn,
} from '../../../src/renderer/document/regions';
import {
  copySettings,
  setDpi,
  setMethod,
  setTarget,
  turnMethod,
} from '../../../src/renderer/document/settings';
import type { Seeded } from '../seeded';

export const info = (photo: string, part: Partial<PhotoInfo> = {}): PhotoInfo => ({
  photo,
  name: `${photo}.png`,
  width: 640,
  height: 480,
  format: 'png',
  depth: 8,
  grey: false,
  alpha: false,
  profile: null,
  density: null,
  page: 1,
  pages: 1,
  embedded: false,
  gainMap: false,
  notes: [],
  ...part,
});

export const SETTINGS: PhotoSettings = {
  method: { id: 'bicubic' },
  target: { by: 'scale', scale: 4 },
  turned: {},
  dpi: null,
};

export const region = (id: string, part: Partial<DocumentRegion> = {}): DocumentRegion => ({
  id,
  name: `Region ${id}`,
  colour: 'amber',
  rect: { x: 10, y: 20, width: 100, height: 50 },
  ratio: null,
  own: {},
  ...part,
});

/** Three photos, the last one shown. */
export const withThree = (): EditorDocument =>
  ['photo-a', 'photo-b', 'photo-c'].reduce(
    (document, token) => openPhoto(info(token), SETTINGS).run(document),
    EMPTY,
  );

/** Some command, of any noun; now and then one that has nothing to do. */
export function someCommand(random: Seeded, document: EditorDocument): Command {
  const tokens = document.photos.map(({ info: { photo } }) => photo);
  const token = tokens.length > 0 ? random.pick(tokens) : 'photo-none';
  const ids =
    document.photos.find(({ info: { photo } }) => photo === token)?.regions.map(({ id }) => id) ?? [];
  const id = ids.length > 0 ? random.pick(ids) : 'none';
  const variants = document.compare.variants.map((variant) => variant.id);
  const variant = variants.length > 0 ? random.pick(variants) : 'none';
  const rect = {
    x: random.whole(0, 700),
    y: random.whole(0, 500),
    width: random.whole(1, 300),
    height: random.whole(1, 300),
  };
  const method = random.pick(['bicubic', 'edsr', 'cs']);
  return random.pick<() => Command>([
    () => openPhoto(info(`photo-${random.whole(1, 9)}`), SETTINGS),
    () => closePhotos([token]),
    () => movePhoto(token, random.whole(0, 5)),
    () => setMethod(document.chosen, method),
    () => turnMethod([token], { id: method, controls: [] }, { crispness: random.whole(0, 4) / 4 }),
    () => setTarget([token], { by: 'scale', scale: random.whole(1, 30) }),
    () => setTarget(tokens, { by: 'pixels', side: 'long', pixels: random.whole(640, 9000) }),
    () => setDpi([token], random.pick([null, 72, 300])),
    () => copySettings(token, tokens),
    () => addRegion(token, region(`r${random.whole(1, 6)}`, { rect })),
    () => placeRegion(token, id, rect),
    () => renameRegion(token, id, random.pick(['eye', 'ear'])),
    () => setRegionOwn(token, id, { method: { id: method } }),
    () => orderRegion(token, id, random.whole(0, 4)),
    () => removeRegions(token, [id]),
    () => addVariant({ id: `v${random.whole(1, 12)}`, of: 'method', method: { id: method }, turned: null }),
    () => removeVariant(variant),
    () => moveVariant(variant, random.whole(0, 9)),
    () => setCompareKind(random.pick(['single', 'split', 'grid', 'flip', 'difference', 'loupe'])),
    () => setCompareView({ split: { axis: 'horizontal', at: random.whole(0, 10) / 10 } }),
    () => setEncoding({ format: random.pick(['png', 'jpeg']), quality: random.whole(1, 100) }),
    () => setNamePattern(random.pick(['{name}', '{name}-{method}'])),
    () =>
      applyPreset('web', {
        encoding: { format: random.pick(['webp', 'png']) },
        keep: keepOf(random.pick([[], ['exif', 'gps']] as const)),
        namePattern: random.pick(['{name}', '{name}-web']),
      }),
    () => setKeep({ ...document.exports.keep, gps: random.pick([true, false]) }),
    () => setWhat(random.pick(['photo', 'all-regions'])),
  ])();
}
