import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { STEP_KEYS } from '../../../src/renderer/document/command';
import { documentSchema, EMPTY } from '../../../src/renderer/document/document';
import {
  adjust,
  bail,
  commit,
  correct,
  drag,
  goTo,
  redo,
  redoStep,
  squash,
  startHistory,
  STEPS_MAX,
  stepsOf,
  undo,
  undoStep,
  type History,
} from '../../../src/renderer/document/history';
import { closePhotos, openPhoto, renewPhoto, showPhoto } from '../../../src/renderer/document/photos';
import { setTarget, turnMethod } from '../../../src/renderer/document/settings';
import { seeded, type Seeded } from '../seeded';
import { info, SETTINGS, someCommand, withThree } from './documents';

const SEEDS = Array.from({ length: 60 }, (_, seed) => seed + 1);
const CARD = { id: 'cs', controls: [] };
const crisper = (crispness: number) => turnMethod(['photo-c'], CARD, { crispness });
const scaled = (scale: number) => setTarget(['photo-c'], { by: 'scale', scale });

/** A history after so many commands, with some undone on the way. */
function some(random: Seeded, commands = 30): History {
  let history = startHistory(withThree());
  for (let i = 0; i < commands; i += 1) {
    history = commit(history, someCommand(random, history.present));
    if (random.whole(0, 4) === 0) history = undo(history);
  }
  return history;
}

describe('undo and redo', () => {
  test('one after the other is the identity, as often as there are steps', () => {
    for (const seed of SEEDS) {
      const history = some(seeded(seed));
      let back = history;
      const way: History[] = [];
      while (undoStep(back)) {
        way.push(back);
        back = undo(back);
        expect(redo(back)).toEqual(way.at(-1));
        expect(redo(back).present).toBe(way.at(-1)!.present);
      }
      expect(undo(back)).toBe(back);
      for (const there of way.reverse()) {
        back = redo(back);
        expect(back.present).toBe(there.present);
      }
    }
  });

  test('every document on the way holds together, and every step has a known name', () => {
    for (const seed of SEEDS) {
      const { past, present } = some(seeded(seed));
      for (const { document, step } of past) {
        expect(v.safeParse(documentSchema, document).issues).toBeUndefined();
        expect(STEP_KEYS).toContain(step.key);
      }
      expect(v.is(documentSchema, present)).toBe(true);
    }
  });

  test('going to a step is as many undos or redos as lie between', () => {
    for (const seed of SEEDS) {
      const history = some(seeded(seed));
      const { steps, done } = stepsOf(history);
      for (let place = 0; place <= steps.length; place += 1) {
        let walked = history;
        for (let i = done; i > place; i -= 1) walked = undo(walked);
        for (let i = done; i < place; i += 1) walked = redo(walked);
        expect(goTo(history, place)).toEqual(walked);
        expect(stepsOf(walked)).toEqual({ steps, done: place });
      }
      expect(goTo(goTo(history, 0), done)).toEqual(history);
      expect(goTo(history, -3)).toEqual(goTo(history, 0));
      expect(goTo(history, steps.length + 3)).toEqual(goTo(history, steps.length));
    }
  });

  test('an open gesture is the last of the steps', () => {
    const history = drag(startHistory(withThree()), 'size', scaled(3));
    expect(stepsOf(history)).toMatchObject({ steps: [{ key: 'sizeChosen' }], done: 1 });
    expect(goTo(history, 0).present).toEqual(withThree());
  });

  test('the step that is undone is the one that is done again', () => {
    const history = commit(commit(startHistory(withThree()), crisper(0.5)), scaled(2));
    expect(undoStep(history)).toEqual({ key: 'sizeChosen', values: { size: '×2' } });
    expect(redoStep(history)).toBeNull();
    expect(redoStep(undo(history))).toEqual(undoStep(history));
    expect(undoStep(undo(history))!.key).toBe('methodTurned');
  });

  test('a new step clears what was undone; a command that changes nothing does not', () => {
    const undone = undo(commit(startHistory(withThree()), scaled(2)));
    expect(commit(undone, scaled(4))).toBe(undone);
    expect(redoStep(commit(undone, scaled(3)))).toBeNull();
  });

  test('is bounded: the oldest steps leave, the newest stay', () => {
    let history = startHistory(withThree());
    for (let i = 0; i < STEPS_MAX + 30; i += 1) history = commit(history, scaled(1 + (i % 29)));
    expect(history.past).toHaveLength(STEPS_MAX);
    const { present } = history;
    for (let i = 0; i < STEPS_MAX; i += 1) history = undo(history);
    expect(undoStep(history)).toBeNull();
    for (let i = 0; i < STEPS_MAX; i += 1) history = redo(history);
    expect(history.present).toBe(present);
  });

  test('documents share what a step does not change', () => {
    const before = startHistory(withThree());
    const after = commit(before, scaled(2));
    expect(after.present.photos[0]).toBe(before.present.photos[0]);
    expect(after.present.photos[2]).not.toBe(before.present.photos[2]);
    expect(after.present.compare).toBe(before.present.compare);
  });
});

describe('a gesture', () => {
  /** Some changes within one gesture, with a look at another photo in between. */
  function dragged(history: History, random: Seeded): History {
    let next = history;
    for (let i = random.whole(1, 12); i > 0; i -= 1) {
      next = drag(next, 'slider', someCommand(random, next.present));
    }
    return next;
  }

  test('is one step, from the document before its first change to the one after its last', () => {
    let squashed = 0;
    for (const seed of SEEDS) {
      const random = seeded(seed);
      const before = some(random, 10);
      const moved = dragged(before, random);
      const after = squash(moved);
      if (JSON.stringify(moved.present) === JSON.stringify(before.present)) {
        expect(after).toEqual(before);
        continue;
      }
      squashed += 1;
      expect(after.present).toBe(moved.present);
      expect(after.past).toHaveLength(before.past.length + 1);
      expect(undo(after).present).toBe(before.present);
      expect(redo(undo(after)).present).toBe(moved.present);
    }
    expect(squashed).toBeGreaterThan(SEEDS.length / 2);
  });

  test('has the name of the whole change', () => {
    const opened = ['photo-1', 'photo-2', 'photo-3'].reduce(
      (history, token) => drag(history, 'open', openPhoto(info(token), SETTINGS)),
      startHistory(EMPTY),
    );
    expect(undoStep(squash(opened))).toEqual({ key: 'photosOpened', values: { n: 3, name: 'photo-1.png' } });
  });

  test('that is bailed leaves no trace, not even in what could be done again', () => {
    for (const seed of SEEDS) {
      const random = seeded(seed);
      const before = some(random, 10);
      const after = bail(dragged(before, random));
      expect(after).toEqual(before);
      expect(after.present).toBe(before.present);
    }
  });

  test('that ends where it began is no step and keeps what could be done again', () => {
    const before = undo(commit(startHistory(withThree()), scaled(2)));
    const there = drag(drag(before, 'slider', scaled(7)), 'slider', scaled(4));
    expect(squash(there)).toEqual(before);
  });

  test('undo within it takes back the gesture; another change ends it as a step', () => {
    const start = startHistory(withThree());
    const open = drag(start, 'slider', crisper(0.3));
    expect(undo(open).present).toBe(start.present);
    expect(redo(undo(open)).present).toBe(open.present);
    const after = commit(open, scaled(2));
    expect(after.past.map(({ step }) => step.key)).toEqual(['methodTurned', 'sizeChosen']);
    const other = drag(open, 'another', scaled(2));
    expect(squash(other).past.map(({ step }) => step.key)).toEqual(['methodTurned', 'sizeChosen']);
  });
});

describe('changes without a step', () => {
  test('looking at another photo is kept by a gesture that is bailed, and is not undone by itself', () => {
    const start = commit(startHistory(withThree()), scaled(2));
    const looked = adjust(start, showPhoto('photo-a'));
    expect(looked.past).toBe(start.past);
    expect(looked.present.shown).toBe('photo-a');
    const bailed = bail(adjust(drag(start, 'slider', crisper(0.2)), showPhoto('photo-a')));
    expect(bailed.present.shown).toBe('photo-a');
    expect(bailed.present.photos).toBe(start.present.photos);
  });

  test('what could be done again stays after it, and undo shows where the step was made', () => {
    const start = commit(startHistory(withThree()), scaled(2));
    const back = adjust(undo(start), showPhoto('photo-a'));
    expect(redo(back).present).toBe(start.present);
    expect(undo(adjust(start, showPhoto('photo-a'))).present.shown).toBe('photo-c');
  });

  test('a fact that was learned is true whatever is undone', () => {
    const changed = info('photo-c', { width: 320 });
    const closed = commit(commit(startHistory(withThree()), scaled(2)), closePhotos(['photo-c']));
    const known = correct(closed, renewPhoto(changed));
    expect(known.present).toBe(closed.present);
    expect(undo(known).present.photos[2]!.info).toBe(changed);
    expect(undo(undo(known)).present.photos[2]!.info).toBe(changed);
    const dragging = correct(drag(undo(closed), 'slider', crisper(0.1)), renewPhoto(changed));
    expect(bail(dragging).present.photos[2]!.info).toBe(changed);
    expect(redoStep(bail(dragging))!.key).toBe('photosClosed');
  });

  test('camera and cursor have no place in a document', () => {
    expect(Object.keys(EMPTY).sort()).toEqual(['chosen', 'compare', 'exports', 'photos', 'shown']);
    const read = v.parse(documentSchema, { ...withThree(), camera: { x: 1 }, hover: 'photo-a' });
    expect(read).not.toHaveProperty('camera');
    expect(read).not.toHaveProperty('hover');
  });
});
