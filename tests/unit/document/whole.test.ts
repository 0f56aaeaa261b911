import { describe, expect, test } from 'vitest';
import { EMPTY } from '../../../src/renderer/document/document';
import { fromSnapshot, toSnapshot } from '../../../src/renderer/document/snapshot';
import { withTokens } from '../../../src/renderer/document/whole';
import { seeded } from '../seeded';
import { someCommand, withThree } from './documents';

describe('a document with its photos under other tokens', () => {
  test('holds together, and with the old tokens again is what it was', () => {
    for (let seed = 1; seed <= 30; seed += 1) {
      const random = seeded(seed);
      let document = withThree();
      for (let i = 0; i < 15; i += 1) document = someCommand(random, document).run(document);
      const renamed = document.photos.map(({ info }, k) => ({ was: info.photo, photo: `photo-new${k}` }));
      const other = withTokens(document, renamed);
      expect(fromSnapshot(toSnapshot(other)).ok).toBe(true);
      expect(other.photos.map(({ info }) => info.photo)).toEqual(renamed.map(({ photo }) => photo));
      const back = renamed.map(({ was, photo }) => ({ was: photo, photo: was }));
      expect(withTokens(other, back)).toEqual(document);
    }
    expect(withTokens(EMPTY, [])).toEqual(EMPTY);
  });
});
