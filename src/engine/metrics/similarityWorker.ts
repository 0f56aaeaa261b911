import type { MessagePort } from 'node:worker_threads';
import { LumaSimilarity } from '../kernels/metrics/lumaSimilarity';
import type { SimilarityAnswer, SimilarityRows, SimilarityTask } from './similarityTask';

/** Measures what comes over the port, strip after strip. */
export function serveSimilarity(port: MessagePort, { similarity }: SimilarityTask): void {
  const meter = new LumaSimilarity(similarity.part, similarity.withMultiScale);
  const answer = (what: SimilarityAnswer): void => port.postMessage(what);
  port.on('message', (rows: SimilarityRows) => {
    if (rows === null) {
      answer({ is: 'found', figures: meter.found });
      return;
    }
    meter.add(rows.reference, rows.result);
    answer({ is: 'taken' });
  });
}
