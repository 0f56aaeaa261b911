import { describe, expect, test } from 'vitest';
import { groupMethods, orderMethods } from '../../src/renderer/editor/methodList';
import { recommend } from '../../src/renderer/editor/recommendation';
import { verdictOf } from '../../src/renderer/document/size';
import type { MethodOrder, PhotoCondition } from '../../src/shared/contract';
import { methodCard } from './fakeDoor';

const condition = (part: Partial<PhotoCondition> = {}): PhotoCondition => ({
  jpegQuality: null,
  blocking: 1,
  noise: 1,
  blur: 0.5,
  findings: [],
  ...part,
});
const cards = ['bicubic', 'enlarger', 'enlarger-fast', 'blind-edsr', 'blind-compact'].map((id) =>
  methodCard({ id }),
);
const names = (of: PhotoCondition, seconds = 1): string[] =>
  recommend(of, cards, (card) =>
    card.id.startsWith('blind-edsr') || card.id === 'enlarger' ? seconds : 1,
  ).map(({ method, reason }) => `${method} ${reason}`);

describe('what is recommended for a photo', () => {
  test('restores what JPEG and noise did, and keeps what is clean', () => {
    const jpeg = condition({ jpegQuality: 42, blocking: 1.6, findings: ['jpeg-blocks', 'noise'] });
    expect(names(jpeg)).toEqual(['blind-edsr jpeg', 'blind-compact quick']);
    expect(recommend(jpeg, cards, () => 1)[0]!.figure).toBe(42);
    expect(names(condition({ noise: 7, findings: ['noise'] }))[0]).toBe('blind-edsr noise');
    expect(names(condition())).toEqual(['enlarger clean', 'enlarger-fast quick']);
    expect(names(condition({ findings: ['blurred'] }))[0]).toBe('enlarger blurred');
  });

  test('begins with the quick one where the best takes more than two minutes', () => {
    expect(names(condition(), 119)).toEqual(['enlarger clean', 'enlarger-fast quick']);
    expect(names(condition(), 121)).toEqual(['enlarger-fast clean', 'enlarger thorough']);
  });

  test('names only what is here', () => {
    expect(recommend(condition(), [methodCard()], () => null)).toEqual([
      { method: 'bicubic', reason: 'clean', figure: null },
    ]);
    expect(recommend(condition(), [], () => null)).toEqual([]);
  });
});

describe('the order of the list', () => {
  const three = [
    methodCard({
      id: 'a',
      name: 'A',
      paces: { 2: 3 },
      psnrY: { Set5: { x4: 30 } },
      lpips: { Set5: { x4: 0.1 } },
    }),
    methodCard({ id: 'b', name: 'B', paces: {}, psnrY: { Set5: { x4: 32 } }, lpips: { Set5: { x4: 0.2 } } }),
    methodCard({ id: 'c', name: 'C', paces: { 2: 1 }, family: 'blind' }),
  ];
  const order = (by: MethodOrder, favourites: string[] = []) =>
    orderMethods(three, '', { by, favourites, scale: 4 }).flatMap(({ methods }) =>
      methods.map(({ id }) => id),
    );

  test('by speed, fidelity or perception is one list, what is not known last', () => {
    expect(order('speed')).toEqual(['c', 'a', 'b']);
    expect(order('fidelity')).toEqual(['b', 'a', 'c']);
    expect(order('perception')).toEqual(['a', 'b', 'c']);
  });

  test('by family is the families, with favourites before them and nowhere twice', () => {
    expect(orderMethods(three, '', { by: 'family', favourites: [], scale: 4 })).toEqual(groupMethods(three));
    expect(order('family', ['c', 'gone'])).toEqual(['c', 'a', 'b']);
    expect(order('speed', ['b'])).toEqual(['b', 'c', 'a']);
  });
});

test('a print is judged by its density', () => {
  expect([60, 149, 150, 240].map(verdictOf)).toEqual(['coarse', 'soft', 'good', 'fine']);
});
