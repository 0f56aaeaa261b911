import { handlePlaces, HANDLES, type Frame } from '../../document/regionShape';

/**
 * Where the tags of regions lie so that all can be read: each beside its frame, clear of the other tags and of the
 * handles. Pure; CSS pixels of one pane.
 */
export type Box = Omit<Frame, 'id'>;

/** A frame with how wide its tag is: in full, and as a chip that has only the colour and what is short of the name. */
export interface Tagged {
  readonly frame: Frame;
  readonly width: number;
  readonly chipWidth: number;
}

export interface PlacedTag {
  readonly left: number;
  readonly top: number;
  /** It may be this wide. */
  readonly width: number;
  readonly isChip: boolean;
}

export const TAG_HEIGHT = 22;
/** A tag is no wider, however long the name, unless its region is chosen. */
export const TAG_WIDTH_MAX = 240;
/** Half of a handle's side. */
export const HANDLE_REACH = 4;
/** From a frame to its tag: a handle lies between. */
const AWAY = HANDLE_REACH + 2;
/** Between tags, and between a tag and a handle of another region. */
const APART = 2;
/** A tag that covers more of another region's frame hides it. */
const COVERED_MAX = 1 / 4;

/** Ways to lie beside a frame, the best first. */
const PLACES = ['above', 'below', 'inside', 'above end', 'below end', 'after', 'before'] as const;
type Place = (typeof PLACES)[number];
interface Spot {
  readonly place: Place;
  readonly box: Box;
}

const clamp = (value: number, least: number, most: number): number =>
  Math.max(least, Math.min(value, Math.max(least, most)));
const boxAt = (left: number, top: number, width: number): Box => ({
  left,
  top,
  right: left + width,
  bottom: top + TAG_HEIGHT,
});
const grown = ({ left, top, right, bottom }: Box, by: number): Box => ({
  left: left - by,
  top: top - by,
  right: right + by,
  bottom: bottom + by,
});
const common = (a: Box, b: Box): Box => ({
  left: Math.max(a.left, b.left),
  top: Math.max(a.top, b.top),
  right: Math.min(a.right, b.right),
  bottom: Math.min(a.bottom, b.bottom),
});
const areaOf = ({ left, top, right, bottom }: Box): number =>
  Math.max(0, right - left) * Math.max(0, bottom - top);
const overlap = (a: Box, b: Box): number => areaOf(common(a, b));
const holds = (outer: Box, inner: Box): boolean =>
  inner.left >= outer.left &&
  inner.top >= outer.top &&
  inner.right <= outer.right &&
  inner.bottom <= outer.bottom;

/** Where a tag of this width can lie in the room: along the frame as far as the room goes, off it by a handle. */
function spotsOf(frame: Frame, width: number, room: Box): Spot[] {
  const start = clamp(frame.left, room.left, room.right - width);
  const end = clamp(frame.right - width, room.left, room.right - width);
  const above = frame.top - AWAY - TAG_HEIGHT;
  const below = frame.bottom + AWAY;
  const beside = clamp(
    (frame.top + frame.bottom - TAG_HEIGHT) / 2,
    room.top,
    Math.max(room.top, room.bottom - TAG_HEIGHT),
  );
  const seen = common(frame, room);
  const places: Readonly<Record<Place, Box>> = {
    above: boxAt(start, above, width),
    below: boxAt(start, below, width),
    inside: boxAt(seen.left + AWAY, seen.top + AWAY, width),
    'above end': boxAt(end, above, width),
    'below end': boxAt(end, below, width),
    after: boxAt(frame.right + AWAY, beside, width),
    before: boxAt(frame.left - AWAY - width, beside, width),
  };
  return PLACES.map((place) => ({ place, box: places[place] })).filter(({ place, box }) =>
    holds(place === 'inside' ? grown(seen, -AWAY) : room, box),
  );
}

/** The handles of a frame. */
const handlesOf = (frame: Frame): Box[] => {
  const places = handlePlaces(frame);
  return HANDLES.map((handle) => {
    const { x, y } = places[handle];
    return grown({ left: x, top: y, right: x, bottom: y }, HANDLE_REACH);
  });
};

const isClear = (box: Box, taken: readonly Box[]): boolean =>
  taken.every((other) => overlap(grown(box, APART), other) === 0);

/** Whether it leaves every other region's frame to be seen. */
const leaves = (box: Box, frames: readonly Frame[], own: Frame): boolean =>
  frames.every((frame) => frame === own || overlap(box, frame) <= areaOf(frame) * COVERED_MAX);

interface Tag extends Spot {
  readonly isChip: boolean;
}

/**
 * The tag of one region where others are taken: in full where that hides nothing, else as a chip; where even that
 * has no room, the chip that covers least.
 */
function tagOf(
  { frame, width, chipWidth }: Tagged,
  frames: readonly Frame[],
  taken: readonly Box[],
  room: Box,
): Tag {
  const spots = [
    ...spotsOf(frame, Math.min(width, TAG_WIDTH_MAX), room).map((spot) => ({ ...spot, isChip: false })),
    ...spotsOf(frame, chipWidth, room).map((spot) => ({ ...spot, isChip: true })),
  ];
  const chips = spots.filter(({ isChip }) => isChip);
  const covers = ({ box }: Tag): number =>
    taken.reduce((sum, other) => sum + overlap(grown(box, APART), other), 0);
  const [least] = [...chips].sort((a, b) => covers(a) - covers(b));
  return (
    spots.find(({ box }) => isClear(box, taken) && leaves(box, frames, frame)) ??
    chips.find(({ box }) => isClear(box, taken)) ??
    least ?? {
      place: 'above',
      box: boxAt(
        clamp(frame.left, room.left, room.right - chipWidth),
        clamp(frame.top - AWAY - TAG_HEIGHT, room.top, room.bottom - TAG_HEIGHT),
        chipWidth,
      ),
      isChip: true,
    }
  );
}

/** The tags of some regions in their order, each clear of those before it and of what is taken already. */
function tagsOf(
  tagged: readonly Tagged[],
  frames: readonly Frame[],
  taken: readonly Box[],
  room: Box,
): Map<string, Tag> {
  const all = [...taken];
  return new Map(
    tagged.map((one) => {
      const tag = tagOf(one, frames, all, room);
      all.push(tag.box);
      return [one.frame.id, tag];
    }),
  );
}

/**
 * The chosen region's tag, in full and off its own handles: first where it was before it was chosen, so that the
 * second click of two still hits it.
 */
function fullTagOf({ frame, width }: Tagged, before: Tag, room: Box): Tag {
  const full = Math.min(width, room.right - room.left);
  const own = handlesOf(frame);
  const spots = spotsOf(frame, full, room);
  const same = spots.filter(({ place }) => place === before.place);
  const clear = [...same, ...spots].find(({ box }) => own.every((handle) => overlap(box, handle) === 0));
  const there = boxAt(clamp(before.box.left, room.left, room.right - full), before.box.top, full);
  return { ...(clear ?? { place: before.place, box: there }), isChip: false };
}

/** The chosen region's tag as it has to be, and the others around it and its handles. */
function tagsAround(
  first: Tagged,
  before: Tag,
  tagged: readonly Tagged[],
  frames: readonly Frame[],
  room: Box,
): Map<string, Tag> {
  const own = fullTagOf(first, before, room);
  const others = tagged.filter((one) => one !== first);
  const tags = tagsOf(others, frames, [own.box, ...handlesOf(first.frame)], room);
  return tags.set(first.frame.id, own);
}

/**
 * Where all tags lie in a room, which may be less than the pane; by the regions' ids. The chosen region's tag is in
 * full and has its place first. A frame out of the room has its tag above it, out of sight as well.
 */
export function placeTags(
  tagged: readonly Tagged[],
  chosen: string | null,
  room: Box,
): ReadonlyMap<string, PlacedTag> {
  const seen = tagged.filter(({ frame }) => overlap(grown(frame, 1), room) > 0);
  const first = seen.find(({ frame }) => frame.id === chosen);
  const frames = seen.map(({ frame }) => frame);
  const unchosen = tagsOf(seen, frames, [], room);
  const tags = first ? tagsAround(first, unchosen.get(first.frame.id)!, seen, frames, room) : unchosen;
  return new Map(
    tagged.map(({ frame, width }) => {
      const { box, isChip } = tags.get(frame.id) ?? {
        box: boxAt(frame.left, frame.top - AWAY - TAG_HEIGHT, Math.min(width, TAG_WIDTH_MAX)),
        isChip: false,
      };
      return [frame.id, { left: box.left, top: box.top, width: box.right - box.left, isChip }];
    }),
  );
}
