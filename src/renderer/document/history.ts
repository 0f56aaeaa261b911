import { isSame, type Command, type Step } from './command';
import type { EditorDocument } from './document';

/**
 * Documents one after another. A document that is not the present one is kept whole, which costs little: it
 * shares with its neighbours whatever was not changed between them. A history is a value: every function below
 * returns a new one, or the very same where nothing changes.
 *
 * - `commit`: a durable change, one step.
 * - `drag`: a change within a gesture. The first one sets a mark; `squash` makes one step of all since the mark,
 *   `bail` goes back to it as if nothing had been.
 * - `adjust`: an ephemeral change (what is shown, what is chosen), no step of its own.
 * - `correct`: a fact that was learned (a photo's new size), true in every document of the history.
 */
export interface Entry {
  /** `past`: the document before the step; `future`: the one after it. */
  readonly document: EditorDocument;
  readonly step: Step;
}

interface Timeline {
  /** Oldest first. */
  readonly past: readonly Entry[];
  readonly present: EditorDocument;
  /** The next one to be done again first. */
  readonly future: readonly Entry[];
}

export interface History extends Timeline {
  readonly gesture: { readonly id: string; readonly command: Command; readonly mark: Timeline } | null;
}

/** At most so many steps can be undone; the oldest leave. */
export const STEPS_MAX = 200;

type Change = (document: EditorDocument) => EditorDocument;

export const startHistory = (document: EditorDocument): History => ({
  past: [],
  present: document,
  future: [],
  gesture: null,
});

function pushed(from: Timeline, present: EditorDocument, step: Step): History {
  const past = [...from.past, { document: from.present, step }].slice(-STEPS_MAX);
  return { past, present, future: [], gesture: null };
}

/** A durable change: one step, and what was undone before can no longer be done again. Ends an open gesture. */
export function commit(history: History, command: Command): History {
  const settled = squash(history);
  const next = command.run(settled.present);
  return next === settled.present ? settled : pushed(settled, next, command.step(settled.present, next));
}

/** A change within the gesture `id`; another gesture that is open is ended first. */
export function drag(history: History, id: string, command: Command): History {
  const open = history.gesture?.id === id ? history : squash(history);
  const present = command.run(open.present);
  if (present === open.present) return open;
  const { past, future } = open;
  const mark = open.gesture?.mark ?? { past, present: open.present, future };
  return { past, present, future, gesture: { id, command, mark } };
}

/** Ends the open gesture as one step, from the document before it to the present one. */
export function squash(history: History): History {
  if (!history.gesture) return history;
  const { mark, command } = history.gesture;
  // Drawn away and back again is no change.
  if (isSame(history.present, mark.present)) return bail(history);
  return pushed(mark, history.present, command.step(mark.present, history.present));
}

/** Ends the open gesture as if it had never begun. */
export const bail = (history: History): History =>
  history.gesture ? { ...history.gesture.mark, gesture: null } : history;

/** An ephemeral change: no step; a gesture that is open goes on, and bailing it does not take this back. */
export function adjust(history: History, change: Change): History {
  const present = change(history.present);
  if (present === history.present) return history;
  const { gesture } = history;
  if (!gesture) return { ...history, present };
  const mark = { ...gesture.mark, present: change(gesture.mark.present) };
  return { ...history, present, gesture: { ...gesture, mark } };
}

const correctedEntries = (entries: readonly Entry[], change: Change): readonly Entry[] => {
  const next = entries.map((entry) => {
    const document = change(entry.document);
    return document === entry.document ? entry : { ...entry, document };
  });
  return next.some((entry, index) => entry !== entries[index]) ? next : entries;
};

const corrected = (timeline: Timeline, change: Change): Timeline => ({
  past: correctedEntries(timeline.past, change),
  present: change(timeline.present),
  future: correctedEntries(timeline.future, change),
});

/** A fact that was learned: true in every document of the history, whatever is undone. */
export const correct = (history: History, change: Change): History => ({
  ...corrected(history, change),
  gesture: history.gesture && { ...history.gesture, mark: corrected(history.gesture.mark, change) },
});

/** Goes back by one step. An open gesture is ended, and is the step that is taken back. */
export function undo(history: History): History {
  const settled = squash(history);
  const last = settled.past.at(-1);
  if (!last) return settled;
  return {
    past: settled.past.slice(0, -1),
    present: last.document,
    future: [{ document: settled.present, step: last.step }, ...settled.future],
    gesture: null,
  };
}

/** Goes forward by one step that was undone. */
export function redo(history: History): History {
  const settled = squash(history);
  const [next, ...future] = settled.future;
  if (!next) return settled;
  return {
    past: [...settled.past, { document: settled.present, step: next.step }],
    present: next.document,
    future,
    gesture: null,
  };
}

/** How many steps are behind the present, and all there are: what a list of them shows. */
export function stepsOf(history: History): { readonly steps: readonly Step[]; readonly done: number } {
  const { past, future, gesture } = history;
  const open = gesture ? [gesture.command.step(gesture.mark.present, history.present)] : [];
  const behind = [...past.map(({ step }) => step), ...open];
  const ahead = gesture ? [] : future.map(({ step }) => step);
  return { steps: [...behind, ...ahead], done: behind.length };
}

/** Goes to where exactly `done` of the steps are done, as so many `undo` or `redo` would; clamped to what there is. */
export function goTo(history: History, done: number): History {
  let at = squash(history);
  while (at.past.length > done && at.past.length > 0) at = undo(at);
  while (at.past.length < done && at.future.length > 0) at = redo(at);
  return at;
}

/** The step that `undo` takes back; null: there is none. */
export function undoStep({ past, present, gesture }: History): Step | null {
  return gesture ? gesture.command.step(gesture.mark.present, present) : (past.at(-1)?.step ?? null);
}

/** The step that `redo` does again; null: there is none. */
export const redoStep = ({ future, gesture }: History): Step | null =>
  gesture ? null : (future[0]?.step ?? null);
