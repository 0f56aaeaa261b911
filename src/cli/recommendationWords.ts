import type { MethodCard, Recommendation, RecoveredMethod } from '../shared/contract';

const PARTS_OF = ['', '', 'half', 'a third', 'a quarter', 'a fifth'];

/** `1.9 dB better`, `0.3 dB worse`, `as well`: of something beside something else. */
function against(decibels: number): string {
  const rounded = Math.abs(decibels).toFixed(1);
  return rounded === '0.0' ? 'as well as' : `${rounded} dB ${decibels > 0 ? 'better' : 'worse'} than`;
}

/** `in a twentieth of the time`, in words that people read at a glance. */
export function timeAgainst(seconds: number, of: number): string {
  const ratio = of / Math.max(seconds, 1e-9);
  if (ratio >= 1.5) {
    const whole = Math.round(ratio);
    return whole < PARTS_OF.length ? `in ${PARTS_OF[whole]!} of the time` : `in 1/${whole} of the time`;
  }
  if (ratio > 1 / 1.5) return 'in about the same time';
  return `in ${Math.round(1 / ratio)} times the time`;
}

/** Why the recommended method is: against the bicubic, and beside the best or the next. */
export function whyOf({ recommended, results }: Recommendation, cards: readonly MethodCard[]): string {
  const nameOf = (id: string): string => cards.find((card) => card.id === id)?.name ?? id;
  const of = (id: string): RecoveredMethod | undefined => results.find(({ method }) => method === id);
  const chosen = of(recommended)!;
  const base = of('bicubic');
  const others = results.filter(({ method }) => method !== recommended && method !== 'bicubic');
  // What one would rather take: far quicker and nearly as good, else the next best.
  const quick = others.filter(({ seconds }) => seconds < chosen.seconds / 3);
  const beside = quick[0] ?? others[0];
  const first =
    base && base !== chosen
      ? `${nameOf(recommended)} recovers your photo ${against(chosen.psnrY - base.psnrY)} bicubic`
      : `${nameOf(recommended)} recovers your photo best, to ${chosen.psnrY.toFixed(1)} dB`;
  if (!beside) return `${first}.`;
  const gain = base && base !== chosen ? beside.psnrY - base.psnrY : beside.psnrY - chosen.psnrY;
  const amount =
    base && base !== chosen
      ? `${Math.abs(gain).toFixed(1)} dB${gain < 0 ? ' worse' : ''}`
      : `${Math.abs(gain).toFixed(1)} dB worse`;
  return `${first}; ${nameOf(beside.method)} ${amount} ${timeAgainst(beside.seconds, chosen.seconds)}.`;
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
