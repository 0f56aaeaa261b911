import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { interpolations } from '../../src/engine/methods/interpolate';
import { koreanOf } from '../../src/renderer/locales/engineSentences';

interface Card {
  readonly goodAt: string;
  readonly badAt: string;
}

test('what every method is good and bad at is said in Korean', () => {
  const folder = 'resources/models';
  const cards = readdirSync(folder).map(
    (id) => JSON.parse(readFileSync(`${folder}/${id}/manifest.json`, 'utf8')) as Card,
  );
  expect(cards.length).toBeGreaterThan(10);
  const plain: Card[] = interpolations({} as never).map(({ card }) => card);
  const sentences = [...cards, ...plain].flatMap(({ goodAt, badAt }) => [goodAt, badAt]);
  expect(sentences.filter((sentence) => koreanOf(sentence) === null)).toEqual([]);
});
