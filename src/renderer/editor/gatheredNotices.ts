import type { Notice, NoticePlace } from '../stores/notices';

/** So many of one kind stand by themselves; more stand in one line that names them all. */
const ALONE_MOST = 2;

/** Notices of one place that stand together: all failures, or all words. */
export interface NoticeGroup {
  /** The same for as long as there is such a group. */
  readonly key: string;
  readonly place: NoticePlace;
  readonly isFailure: boolean;
  readonly notices: readonly Notice[];
}

export type LaneEntry = { readonly notice: Notice } | { readonly group: NoticeGroup };

/** A notice with a step of its own, or that leaves by itself, is never put with others. */
const kindOf = ({ place, fault, next, passes }: Notice): string | null =>
  next || passes ? null : `${place} ${fault ? 'failures' : 'words'}`;

/**
 * What the lane shows, in the order in which it came: of forty files of which twenty cannot be opened one line says
 * so and names each, where twenty lines would hide the photo. A group stands where its first notice stood.
 */
export function gatheredNotices(notices: readonly Notice[]): LaneEntry[] {
  const kinds = new Map<string | null, Notice[]>();
  for (const notice of notices) {
    const kind = kindOf(notice);
    kinds.set(kind, [...(kinds.get(kind) ?? []), notice]);
  }
  return notices.flatMap((notice): LaneEntry[] => {
    const kind = kindOf(notice);
    const alike = kind === null ? [] : (kinds.get(kind) ?? []);
    if (kind === null || alike.length <= ALONE_MOST) return [{ notice }];
    if (alike[0] !== notice) return [];
    const { place, fault } = notice;
    return [{ group: { key: kind, place, isFailure: fault !== undefined, notices: alike } }];
  });
}
