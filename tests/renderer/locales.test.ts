import { describe, expect, test } from 'vitest';
import { koreanOf } from '../../src/renderer/locales/engineSentences';
import { en } from '../../src/renderer/locales/en';
import { ko } from '../../src/renderer/locales/ko';
import { FAULT_CODES } from '../../src/shared/faults';

/** Every text by its dotted key. */
function flatten(texts: object, prefix = ''): Map<string, string> {
  const flat = new Map<string, string>();
  for (const [key, value] of Object.entries(texts) as [string, string | object][]) {
    const path = `${prefix}${key}`;
    if (typeof value === 'string') flat.set(path, value);
    else for (const [inner, text] of flatten(value, `${path}.`)) flat.set(inner, text);
  }
  return flat;
}
const slots = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!).sort();
const withoutFaults = (texts: Map<string, string>) =>
  new Map([...texts].filter(([key]) => !key.startsWith('fault.')));

const english = withoutFaults(flatten(en));
const korean = withoutFaults(flatten(ko));

describe('the texts', () => {
  test('every language says the same things', () => {
    expect([...korean.keys()].sort()).toEqual([...english.keys()].sort());
  });

  test('with the same numbers and names in them', () => {
    for (const [key, text] of english) expect([key, slots(korean.get(key)!)]).toEqual([key, slots(text)]);
  });

  test('every fault has a Korean sentence; English shows the engine’s own', () => {
    expect(Object.keys(ko.fault).sort()).toEqual([...FAULT_CODES].sort());
  });

  test('a sentence with numbers keeps them; an unknown one is left to the engine', () => {
    expect(koreanOf('The file holds 12 frames; only the first is opened.')).toContain('12개');
    expect(koreanOf('Something new.')).toBeNull();
  });

  test('no exclamation marks', () => {
    for (const text of [...english.values(), ...korean.values()]) expect(text).not.toMatch(/!/);
  });
});
