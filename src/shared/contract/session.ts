import * as v from 'valibot';

/** The largest snapshot that a door keeps for its page, characters of JSON. */
export const SNAPSHOT_CHARACTERS_MAX = 1_000_000;

function fits(snapshot: unknown): boolean {
  try {
    const text = JSON.stringify(snapshot) as string | undefined; // of undefined and functions
    return text !== undefined && text.length <= SNAPSHOT_CHARACTERS_MAX;
  } catch {
    return false; // it holds itself, or what JSON does not know
  }
}

/** Any JSON of at most `SNAPSHOT_CHARACTERS_MAX`; what is in it is the page's affair. */
export const snapshotSchema = v.pipe(
  v.unknown(),
  v.check(fits, `JSON of at most ${SNAPSHOT_CHARACTERS_MAX} characters`),
);

/**
 * What the page was working on, kept by its door and by nobody else: across a reload and, in the desktop app,
 * across a start of the app.
 */
export const sessionPageDoorCalls = {
  /** The last snapshot written; null: there is none. */
  'session:read': { params: v.object({}), value: v.object({ snapshot: v.nullable(v.unknown()) }) },
  'session:write': { params: v.object({ snapshot: snapshotSchema }), value: v.null() },
} as const;
