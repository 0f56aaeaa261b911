import { useI18n } from 'vue-i18n';
import type { Recommendation } from '../../shared/contract';
import { timeAgainst, verdictOf, type RecoveryVerdict } from '../../shared/recoveryVerdict';
import { useQuantities } from '../locales/useQuantities';
import { useMethods } from '../stores/methods';

/** What hiding and recovering found, in the language on screen. */
export function useRecoveryWords() {
  const { t } = useI18n();
  const { number } = useQuantities();
  const { nameOf } = useMethods();

  /** `1.9 dB better`, `0.3 dB worse`, `as well`. */
  function against(gain: number): string {
    const n = number(Math.abs(gain), 1);
    if (n === '0') return t('recover.gain.same');
    return t(gain > 0 ? 'recover.gain.better' : 'recover.gain.worse', { n });
  }

  const bestOf = ({ method, psnrY, gain }: RecoveryVerdict): string =>
    gain === null
      ? t('recover.best', { name: nameOf(method), n: number(psnrY, 1) })
      : t('recover.bestAgainst', { name: nameOf(method), gain: against(gain) });

  function besideOf({ gain: isAgainst, beside }: RecoveryVerdict): string | null {
    if (!beside) return null;
    const { is, n } = timeAgainst(beside.times);
    const words = {
      name: nameOf(beside.method),
      gain: against(beside.gain),
      time: t(`recover.time.${is}`, { n }),
    };
    return t(isAgainst === null ? 'recover.beside' : 'recover.besideAgainst', words);
  }

  /** The answer in one or two sentences. */
  function answerOf(found: Recommendation): string {
    const verdict = verdictOf(found);
    return [bestOf(verdict), besideOf(verdict)].filter((one) => one !== null).join(' ');
  }

  /** When the test does not carry over to the photo itself, a sentence for each reason. */
  function caveatsOf({ condition, degradation }: Recommendation): string[] {
    const { findings, blur, jpegQuality, noise } = condition;
    if (degradation === 'photo') return findings.length > 0 ? [t('recover.caveat.asBad')] : [];
    const figures = { 'jpeg-blocks': jpegQuality, noise, blurred: blur };
    return findings.map((finding) =>
      t(`recover.caveat.${finding}`, { n: number(figures[finding] ?? 0, finding === 'blurred' ? 1 : 0) }),
    );
  }

  return { against, besideOf, answerOf, caveatsOf };
}
