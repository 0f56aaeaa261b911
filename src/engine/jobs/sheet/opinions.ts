import type { Opinions } from '../../../shared/contract';
import { FaultError } from '../../../shared/faults';
import type { SheetDocument, SheetOpinion } from '../../../shared/sheet';
import { candidateKey, type Question } from '../blind/opinions';

export type AskOpinions = (question: Question) => Promise<Opinions | undefined>;

/**
 * A settled document with what blind comparisons say of its methods, where it asks for it and does not have it already:
 * a sheet that is made again says what it said. Throws `bad-option` where nobody ever compared them.
 */
export async function opinionsOnSheet(document: SheetDocument, ask: AskOpinions): Promise<SheetDocument> {
  const kind = document.style.opinions;
  if (kind === undefined || document.opinions !== undefined) return document;
  const truth = document.truth === 'hide' ? 'hide' : 'none';
  const opinions: SheetOpinion[] = [];
  for (const [photo, { sha256 = '' }] of document.photos.entries()) {
    for (const scale of document.scales) {
      const found = await ask({ photo: { sha256 }, kind, truth, scale });
      const byKey = new Map(found?.opinions.map((one) => [candidateKey(one.method), one]));
      document.methods.forEach(({ id, sum = '', turned }, method) => {
        const opinion = byKey.get(candidateKey({ id, sum, turned }));
        if (!opinion) return;
        const { value, low, high, n, strength } = opinion;
        opinions.push({ photo, method, scale, value, low, high, n, ...(kind === 'pairs' && { strength }) });
      });
    }
  }
  if (opinions.length === 0) {
    const what = kind === 'rate' ? 'blind ratings' : 'blind pairs';
    const how = truth === 'hide' ? 'reduced and recovered' : 'enlarged';
    throw new FaultError(
      'bad-option',
      `Expected ${what} of ${document.photos.map(({ name }) => name).join(', ')} ${how} by these methods at this scale, but none have ended; compare them blind in the editor first (Measure), or leave the opinions out.`,
    );
  }
  return { ...document, opinions };
}
