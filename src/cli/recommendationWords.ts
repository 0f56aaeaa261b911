import type { MethodCard, Recommendation } from '../shared/contract';
import { timeAgainst, verdictOf } from '../shared/recoveryVerdict';

const PARTS_OF = ['', '', 'half', 'a third', 'a quarter', 'a fifth'];

/** `1.9 dB better`, `0.3 dB worse`, `as well`: of something beside something else. */
function against(decibels: number): string {
  const rounded = Math.abs(decibels).toFixed(1);
  return rounded === '0.0' ? 'as well as' : `${rounded} dB ${decibels > 0 ? 'better' : 'worse'} than`;
}

/** `in a twentieth of the time`, in words that people read at a glance. */
export function timeWords(times: number): string {
  const { is, n } = timeAgainst(times);
  if (is === 'part') return n < PARTS_OF.length ? `in ${PARTS_OF[n]!} of the time` : `in 1/${n} of the time`;
  return is === 'same' ? 'in about the same time' : `in ${n} times the time`;
}

/** Why the recommended method is: against the bicubic, and beside the best or the next. */
export function whyOf(found: Recommendation, cards: readonly MethodCard[]): string {
  const nameOf = (id: string): string => cards.find((card) => card.id === id)?.name ?? id;
  const { method, psnrY, gain, beside } = verdictOf(found);
  const first =
    gain === null
      ? `${nameOf(method)} recovers your photo best, to ${psnrY.toFixed(1)} dB`
      : `${nameOf(method)} recovers your photo ${against(gain)} bicubic`;
  if (!beside) return `${first}.`;
  const worse = gain === null || beside.gain < 0 ? ' worse' : '';
  const amount = `${Math.abs(beside.gain).toFixed(1)} dB${worse}`;
  return `${first}; ${nameOf(beside.method)} ${amount} ${timeWords(beside.times)}.`;
}

/** When the test does not carry over to the photo itself, a sentence for each reason. */
export function caveatsOf({ condition, degradation }: Recommendation): string[] {
  const { findings, blur, jpegQuality, noise } = condition;
  if (degradation === 'photo' && findings.length > 0) {
    return [
      'The hidden parts were made as bad as the photo is before the methods saw them; what is recovered is the photo with its flaws.',
    ];
  }
  const more = 'try --degradation photo';
  return findings.map((finding) => {
    switch (finding) {
      case 'blurred':
        return `The photo is blurred already (by ${blur?.toFixed(1)} pixels): reduced, its parts are sharper than itself, so that this test does not carry over to the photo; ${more}.`;
      case 'jpeg-blocks':
        return `The photo has JPEG blocks (quality about ${jpegQuality}), which vanish when its parts are reduced: a method for JPEG photos may be better for it than this test says; ${more}.`;
      case 'noise':
        return `The photo is noisy (about ${noise?.toFixed(0)} steps of 255): reduced, its parts have less noise than itself, and no method can recover noise; ${more}.`;
    }
  });
}
