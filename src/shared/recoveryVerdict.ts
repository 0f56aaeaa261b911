import type { Recommendation } from './contract';

/** Against what gains are told where it was tried. */
export const PLAIN_METHOD = 'bicubic';

/** What one would take rather than the recommended: far quicker and nearly as good, else the next best. */
export interface Alternative {
  readonly method: string;
  /** dB of PSNR-Y: over the bicubic where it was tried, else over the recommended. */
  readonly gain: number;
  /** The recommended method's seconds in its own: 20 is a twentieth of the time. */
  readonly times: number;
}

/** What hiding and recovering found, as every door says it in its own words. */
export interface RecoveryVerdict {
  readonly method: string;
  readonly psnrY: number;
  /** dB over the bicubic; null: it was not tried, or is the recommended itself. */
  readonly gain: number | null;
  readonly beside: Alternative | null;
}

export function verdictOf({
  recommended,
  results,
}: Pick<Recommendation, 'recommended' | 'results'>): RecoveryVerdict {
  const chosen = results.find(({ method }) => method === recommended);
  if (!chosen) throw new RangeError(`expected ${recommended} among the results`);
  const base = results.find(({ method }) => method === PLAIN_METHOD);
  const isAgainstBase = base !== undefined && base !== chosen;
  const others = results.filter(({ method }) => method !== recommended && method !== PLAIN_METHOD);
  const quick = others.find(({ seconds }) => seconds < chosen.seconds / 3);
  const beside = quick ?? others[0];
  return {
    method: recommended,
    psnrY: chosen.psnrY,
    gain: isAgainstBase ? chosen.psnrY - base.psnrY : null,
    beside: beside
      ? {
          method: beside.method,
          gain: beside.psnrY - (isAgainstBase ? base : chosen).psnrY,
          times: chosen.seconds / Math.max(beside.seconds, 1e-9),
        }
      : null,
  };
}

/** From so many times on one of two is quicker, and not about as quick. */
const UNLIKE_TIMES = 1.5;

/** How a time compares with another that is `times` as long: a part of it, about the same, or several times. */
export function timeAgainst(times: number): { readonly is: 'part' | 'same' | 'times'; readonly n: number } {
  if (times >= UNLIKE_TIMES) return { is: 'part', n: Math.round(times) };
  if (times > 1 / UNLIKE_TIMES) return { is: 'same', n: 1 };
  return { is: 'times', n: Math.round(1 / times) };
}

/** Whether what was found for hidden parts holds for the photo itself: it has no flaws, or the parts had them too. */
export const carriesOver = ({
  condition,
  degradation,
}: Pick<Recommendation, 'condition' | 'degradation'>): boolean =>
  degradation === 'photo' || condition.findings.length === 0;
