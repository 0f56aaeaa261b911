import { expect, it } from 'vitest';
import { ClientBounds } from '../../src/host/clientBounds';

const BOUNDS = {
  callsAtOnce: 3,
  callsPerSecond: 2,
  callsWaiting: 5,
  creditTiles: 10,
  unreadBytes: 100,
  uploads: 2,
};

it('bounds calls by the second, and gives them back', () => {
  let now = 0;
  const bounds = new ClientBounds({ ...BOUNDS, callsWaiting: 100 }, () => now);
  for (let call = 0; call < 3; call++) expect(bounds.called()).toBeUndefined();
  expect(bounds.called()).toMatch(/too many calls a second/);
  now = 1000;
  expect(bounds.called()).toBeUndefined();
});

it('bounds calls without an answer', () => {
  const bounds = new ClientBounds({ ...BOUNDS, callsAtOnce: 100 });
  for (let call = 0; call < 5; call++) expect(bounds.called()).toBeUndefined();
  expect(bounds.called()).toMatch(/without an answer/);
  bounds.answered();
  bounds.answered();
  expect(bounds.called()).toBeUndefined();
});

it('bounds credit, less what was sent on it', () => {
  const bounds = new ClientBounds(BOUNDS);
  expect(bounds.granted(10)).toBeUndefined();
  bounds.sentTile();
  expect(bounds.granted(1)).toBeUndefined();
  expect(bounds.granted(1)).toMatch(/more credit/);
  bounds.closedView();
  expect(bounds.granted(10)).toBeUndefined();
});

it('bounds what lies unread', () => {
  expect(new ClientBounds(BOUNDS).unread(100)).toBeUndefined();
  expect(new ClientBounds(BOUNDS).unread(101)).toMatch(/does not read/);
});
