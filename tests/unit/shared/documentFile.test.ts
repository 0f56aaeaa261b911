import { describe, expect, it } from 'vitest';
import {
  documentText,
  fingerprintOf,
  isDocumentName,
  readDocumentText,
} from '../../../src/shared/documentFile';

const of = (bytes: Uint8Array): Promise<string> =>
  fingerprintOf(bytes.length, (from, to) => Promise.resolve(bytes.subarray(from, to)));

describe('the file of a document', () => {
  it('read again is what was written, with whatever else stood beside it', () => {
    const snapshot = { format: 'enlarger-document', version: 7, document: { any: ['thing'] }, more: 1 };
    const photos = {
      'photo-a': { kind: 'file', name: 'a.jpg', path: '../a.jpg', bytes: 5, fingerprint: 'ab'.repeat(32) },
      'photo-b': { kind: 'sample' },
    } as const;
    expect(readDocumentText(documentText(snapshot, photos), 'x.enlarger')).toEqual({ ...snapshot, photos });
  });

  it.each([
    ['no JSON', '{"format":'],
    ['another format', '{"format":"other","version":1}'],
    ['no version', '{"format":"enlarger-document","document":{}}'],
    [
      'a photo that is none',
      '{"format":"enlarger-document","version":1,"photos":{"../etc":{"kind":"sample"}}}',
    ],
  ])('of %s is refused by name', (_, text) => {
    expect(() => readDocumentText(text, 'x.enlarger')).toThrow('found that x.enlarger is none or is damaged');
  });

  it('is known by its name', () => {
    expect(['a.enlarger', 'B.ENLARGER', 'a.enlarger.png', 'enlarger'].map(isDocumentName)).toEqual([
      ...[true, true],
      ...[false, false],
    ]);
  });
});

describe('a fingerprint', () => {
  it('tells files apart by their length, beginning, middle and end', async () => {
    const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7919) % 251);
    const changed = (at: number): Uint8Array => bytes.with(at, bytes[at]! ^ 1);
    const own = await of(bytes);
    expect(await of(bytes.slice())).toBe(own);
    for (const other of [changed(0), changed(150_000), changed(299_999), bytes.subarray(1), new Uint8Array()])
      expect(await of(other)).not.toBe(own);
    expect(await of(new Uint8Array())).toMatch(/^[0-9a-f]{64}$/);
  });
});
