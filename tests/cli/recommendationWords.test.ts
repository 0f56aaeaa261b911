import { describe, expect, it } from 'vitest';
import { caveatsOf, timeWords, whyOf } from '../../src/cli/recommendationWords';
import type { MethodCard, Recommendation, RecoveredMethod } from '../../src/shared/contract';

const cards = [
  { id: 'edsr', name: 'EDSR' },
  { id: 'enlarger-fast', name: 'Enlarger Fast' },
] as MethodCard[];
const result = (method: string, psnrY: number, seconds: number): RecoveredMethod => ({
  ...{ method, psnrY, seconds, ssimY: 0.9, lpips: null, consistency: 40 },
});
const found = (recommended: string, ...results: RecoveredMethod[]): Recommendation => ({
  ...{
    photo: 'p.jpg',
    token: 'photo-1',
    scale: 4,
    protocol: 'y',
    degradation: 'bicubic',
    parts: [],
    failures: [],
  },
  condition: { jpegQuality: null, blocking: 1, noise: 0, blur: 0.5, findings: [] },
  recommended,
  results,
});
const three = [result('edsr', 31.9, 20), result('enlarger-fast', 31.6, 1), result('bicubic', 30, 0.01)];

describe('a recommendation in words', () => {
  it('says how much better than the bicubic, and what is nearly as good and far quicker', () => {
    expect(whyOf(found('edsr', ...three), cards)).toBe(
      'EDSR recovers your photo 1.9 dB better than bicubic; Enlarger Fast 1.6 dB in 1/20 of the time.',
    );
    expect(whyOf(found('edsr', three[0]!, three[1]!), cards)).toBe(
      'EDSR recovers your photo best, to 31.9 dB; Enlarger Fast 0.3 dB worse in 1/20 of the time.',
    );
    expect(whyOf(found('edsr', result('edsr', 29.5, 2), three[2]!), cards)).toBe(
      'EDSR recovers your photo 0.5 dB worse than bicubic.',
    );
    expect(whyOf(found('bicubic', three[2]!, result('edsr', 29.5, 2)), cards)).toBe(
      'bicubic recovers your photo best, to 30.0 dB; EDSR 0.5 dB worse in 200 times the time.',
    );
  });

  it('compares times as people say them', () => {
    expect([1, 2, 3.1, 18, 0.9, 0.25].map((times) => timeWords(times))).toEqual([
      ...['in about the same time', 'in half of the time', 'in a third of the time'],
      ...['in 1/18 of the time', 'in about the same time', 'in 4 times the time'],
    ]);
  });

  it('says when the test does not carry over, and why', () => {
    const plain = found('edsr', ...three);
    expect(caveatsOf(plain)).toEqual([]);
    const bad: Recommendation = {
      ...plain,
      condition: {
        ...{ jpegQuality: 45, blocking: 2, noise: 7, blur: 1.4 },
        findings: ['jpeg-blocks', 'noise', 'blurred'],
      },
    };
    const [blocks, noise, blur] = caveatsOf(bad);
    expect(blocks).toMatch(/JPEG blocks \(quality about 45\)/);
    expect(noise).toMatch(/about 7 steps/);
    expect(blur).toMatch(/blurred already \(by 1\.4 pixels\).*does not carry over/);
    expect(caveatsOf({ ...bad, degradation: 'photo' })).toHaveLength(1);
  });
});
